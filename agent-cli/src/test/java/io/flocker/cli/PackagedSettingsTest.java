package io.flocker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.config.NodeConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings that packages bring: nothing but defaults, and each of them named. */
class PackagedSettingsTest {
  private static final Path PACKAGED = Path.of("src/main/package/flockerd.yml");
  private static final Path RECORDS = Path.of("../agent-core/src/main/java/io/flocker/core/config");

  /** A default stands behind '#' alone; after an odd blank there are words, or an example. */
  private static final Pattern COMMENTED = Pattern.compile("(?m)^#(?=(?: {2})*[a-z])");

  private static final Pattern KEYS =
      Pattern.compile("keys? ((?:,? ?(?:and )?\\{@code [a-z-]+})+)");
  private static final Pattern KEY = Pattern.compile("\\{@code ([a-z-]+)}");

  @TempDir private Path folder;

  @Test
  void changesNothing() throws Exception {
    Path least = Files.writeString(folder.resolve("least.yml"), "version: 1\n");

    assertEquals(NodeConfiguration.read(least), NodeConfiguration.read(PACKAGED));
  }

  @Test
  void namesTheDefaults() throws Exception {
    Path least = Files.writeString(folder.resolve("least.yml"), "version: 1\n");
    String all = COMMENTED.matcher(Files.readString(PACKAGED)).replaceAll("");
    Path uncommented = Files.writeString(folder.resolve("all.yml"), all);

    assertEquals(NodeConfiguration.read(least), NodeConfiguration.read(uncommented));
  }

  @Test
  void namesEverySetting() throws Exception {
    String packaged = Files.readString(PACKAGED);

    assertEquals(
        List.of(),
        documentedKeys()
            .filter(key -> !Pattern.compile("\\b" + key + ":").matcher(packaged).find())
            .toList());
  }

  /** As the records of the settings document them. */
  private static Stream<String> documentedKeys() throws IOException {
    try (Stream<Path> files = Files.list(RECORDS)) {
      StringBuilder sources = new StringBuilder();
      for (Path file : files.toList()) {
        sources.append(Files.readString(file).replaceAll("\\n +\\* +", " "));
      }
      return KEYS
          .matcher(sources)
          .results()
          .map(MatchResult::group)
          .flatMap(keys -> KEY.matcher(keys).results().map(key -> key.group(1)))
          .distinct()
          .toList()
          .stream();
    }
  }
}
