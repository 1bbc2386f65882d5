package io.flocker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DocumentationTest {
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern FILE_BELOW_TOP =
      Pattern.compile("`((?:agent-|init/|benchmarks/)[^` ]+)`");
  private static final Pattern PAGE_BESIDE = Pattern.compile("`([A-Z0-9-]+\\.md)`");
  private static final int STATIONS = 12;
  private static final Pattern PARAGRAPH = Pattern.compile("\n\n");
  private static final Pattern HOP = Pattern.compile("→");
  private static final Pattern CLASS_FILE =
      Pattern.compile("`agent-[a-z]+/src/main/java/([^` ]+)\\.java`");
  private static final Pattern DISPLAY_NAME = Pattern.compile("@DisplayName\\(\\s*\"([^\"]*)\"");
  private static final Pattern SCENARIOS = Pattern.compile("(?:(?:[A-Z]\\d{2}|\\d{1,3})[,:]? )+");
  private static final Pattern SCENARIO = Pattern.compile("[A-Z]\\d{2}|\\d+");
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| ([A-Z]?\\d+) \\|");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  @Test
  @DisplayName("every file that a document names exists")
  void documentsNameFilesThatExist() {
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      String text = read(document);
      Stream<Path> below =
          all(FILE_BELOW_TOP, text).filter(file -> !file.contains("/target/")).map(TOP::resolve);
      Stream<Path> beside = all(PAGE_BESIDE, text).map(document::resolveSibling);
      Stream.concat(below, beside)
          .filter(file -> !Files.exists(file) && !file.endsWith("README.md"))
          .forEach(file -> missing.add(TOP.relativize(document) + ": " + file));
    }

    assertEquals(List.of(), missing);
  }

  @Test
  @DisplayName("the README leads to every document")
  void readmeLeadsToDocuments() {
    String readme = read(TOP.resolve("README.md"));

    Stream<Path> unnamed =
        documents().stream()
            .map(TOP::relativize)
            .filter(document -> document.getNameCount() > 1)
            .filter(document -> !readme.contains("`" + document + "`"));

    assertEquals(List.of(), unnamed.toList());
  }

  @Test
  @DisplayName("on each of the README's ways one class knows the next, or the other way round")
  void waysLeadFromClassToClass() throws IOException {
    List<String> gaps = new ArrayList<>();
    int hops = 0;
    for (String paragraph : PARAGRAPH.split(read(TOP.resolve("README.md")), -1)) {
      Deque<String> passed = new ArrayDeque<>();
      for (String station : HOP.split(paragraph, -1)) {
        List<String> named = all(CLASS_FILE, station).toList();
        if (!named.isEmpty()) {
          String here = named.getFirst();
          Stream<String> besides = named.stream().skip(1);
          Stream.concat(Stream.ofNullable(passed.peekLast()), besides)
              .filter(other -> !refersTo(here, other) && !refersTo(other, here))
              .forEach(other -> gaps.add(other + " and " + here));
          passed.add(here);
        }
      }
      hops += Math.max(0, passed.size() - 1);
    }
    assertTrue(hops >= STATIONS, "only " + hops + " hops");
    assertEquals(List.of(), gaps);
  }

  @Test
  @DisplayName("every scenario that a test shows is listed, and every one that is listed is shown")
  void scenariosAreListed() throws IOException {
    Set<String> listed = new TreeSet<>();
    all(LISTED, Files.readString(TOP.resolve("agent-core/SCENARIOS.md"))).forEach(listed::add);
    Set<String> shown = new TreeSet<>();
    try (Stream<Path> modules = Files.list(TOP)) {
      modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(DocumentationTest::filesBelow)
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> all(DISPLAY_NAME, read(file)))
          .map(SCENARIOS::matcher)
          .filter(Matcher::lookingAt)
          .forEach(numbers -> all(SCENARIO, numbers.group()).forEach(shown::add));
    }

    assertEquals(listed, shown, "agent-core/SCENARIOS.md, and what display names begin with");
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

  /** Whether a class, or what is nested in it, names another one in its bytecode. */
  private static boolean refersTo(String from, String to) {
    ClassModel outermost = parse(from);
    Stream<ClassModel> nested =
        outermost.findAttribute(Attributes.nestMembers()).stream()
            .flatMap(members -> members.nestMembers().stream())
            .map(member -> parse(member.asInternalName()));
    return Stream.concat(Stream.of(outermost), nested)
        .flatMap(type -> StreamSupport.stream(type.constantPool().spliterator(), false))
        .filter(Utf8Entry.class::isInstance)
        .map(entry -> ((Utf8Entry) entry).stringValue())
        .anyMatch(
            text -> text.equals(to) || text.contains("L" + to + ";") || text.contains(to + "$"));
  }

  private static ClassModel parse(String internalName) {
    try (InputStream file =
        DocumentationTest.class.getResourceAsStream("/" + internalName + ".class")) {
      return ClassFile.of().parse(Objects.requireNonNull(file, internalName).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the pattern's group, or else all of it, is at every place. */
  private static Stream<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult hit) -> hit.group(Math.min(1, hit.groupCount())));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> filesBelow(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The README, and the pages at the top of each module. */
  private static List<Path> documents() {
    try (Stream<Path> files = Files.walk(TOP, 2)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
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
