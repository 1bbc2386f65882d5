package io.flocker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DocumentationTest {
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SOURCE_FILE = Pattern.compile("`((?:agent-|init/)[^` ]+)`");
  private static final int STATIONS = 12;
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  @Test
  @DisplayName("every file that the README's tour names exists")
  void tourLeadsThroughFilesThatExist() throws IOException {
    String readme = Files.readString(TOP.resolve("README.md"));

    List<String> named =
        SOURCE_FILE
            .matcher(readme)
            .results()
            .map((MatchResult hit) -> hit.group(1))
            .filter(file -> !file.contains("/target/"))
            .toList();

    assertTrue(named.size() > STATIONS, named::toString);
    assertEquals(List.of(), named.stream().filter(DocumentationTest::isMissing).toList());
  }

  @Test
  @DisplayName("every link of the README leads to a file")
  void linksLeadToFiles() throws IOException {
    String readme = Files.readString(TOP.resolve("README.md"));

    Stream<String> targets = LINK.matcher(readme).results().map((MatchResult hit) -> hit.group(1));

    assertEquals(List.of(), targets.filter(DocumentationTest::isMissing).toList());
  }

  @Test
  @DisplayName("every package says what it is for and what always holds in it")
  void packagesIntroduceThemselves() throws IOException {
    try (Stream<Path> modules = Files.list(TOP)) {
      List<Path> rooms =
          modules
              .map(module -> module.resolve("src/main/java"))
              .filter(Files::isDirectory)
              .flatMap(DocumentationTest::filesBelow)
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .toList();

      assertEquals(List.of(), rooms.stream().filter(DocumentationTest::isUnintroduced).toList());
    }
  }

  private static Stream<Path> filesBelow(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isMissing(String file) {
    return !Files.exists(TOP.resolve(file));
  }

  private static boolean isUnintroduced(Path room) {
    try {
      String introduction = Files.readString(room.resolve("package-info.java"));
      return !introduction.contains("Entry type")
          || !introduction.contains("Invariant")
          || !introduction.contains("@NullMarked");
    } catch (IOException _) {
      return true;
    }
  }
}
