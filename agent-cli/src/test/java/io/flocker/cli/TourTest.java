package io.flocker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TourTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern FILE = Pattern.compile("`((?:agent-[a-z]+|init)/[^` ]+)`");
  private static final int STATIONS = 12;

  @Test
  void leadsToFilesThatExist() throws IOException {
    List<String> files =
        FILE.matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .map(MatchResult::group)
            .map(quoted -> quoted.substring(1, quoted.length() - 1))
            .filter(file -> !file.contains("/target/"))
            .toList();

    assertTrue(files.size() > STATIONS, files.toString());
    assertEquals(
        List.of(),
        files.stream().filter(file -> !Files.exists(ROOT.resolve(file))).toList(),
        "files that README.md names and that are not there");
  }
}
