package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GaugesTest {
  private static final Path SOURCES = Path.of("..");
  private static final Pattern NAMED = Pattern.compile("\"(flocker_[a-z_]+)\"");

  /** Endings that names have only when they are told, by their kind. */
  private static final Pattern ENDING = Pattern.compile("_(total|info|seconds)$");

  @Test
  void eachNameStandsInFormatsAndNoOther() throws Exception {
    Set<String> measured = new TreeSet<>();
    for (String file :
        Set.of(
            "agent-cli/src/main/java/io/flocker/cli/daemon/Gauges.java",
            "agent-http/src/main/java/io/flocker/http/metrics/Metrics.java")) {
      measured.addAll(names(NAMED, Files.readString(SOURCES.resolve(file))));
    }
    String formats =
        Files.readString(SOURCES.resolve("agent-core/FORMATS.md"))
            .lines()
            .filter(line -> line.startsWith("**Metrics**"))
            .collect(Collectors.joining());

    assertFalse(measured.isEmpty());
    assertEquals(measured, names(Pattern.compile("`(flocker_[a-z_]+)`"), formats));
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult found) -> ENDING.matcher(found.group(1)).replaceFirst(""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
