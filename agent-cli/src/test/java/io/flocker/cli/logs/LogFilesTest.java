package io.flocker.cli.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogFilesTest {
  @Test
  void namesLogsByTheirFilesAndByTheirPathsWhereThatIsNotEnough() {
    assertEquals(List.of("a", "b"), names(Path.of("/logs/a.json"), Path.of("/logs/b.json.1")));
    assertEquals(
        List.of("/a/flockerd.log", "/b/flockerd.log", "c"),
        names(Path.of("/a/flockerd.log"), Path.of("/b/flockerd.log"), Path.of("c")));
  }

  /** journalctl(1): without --no-tail, who follows is shown the last ten lines alone. */
  @Test
  void asksTheJournalForLinesAlone() {
    assertEquals(
        List.of("journalctl", "--quiet", "--unit", "flockerd", "--no-pager", "--output", "cat"),
        LogFiles.journalctl("flockerd", false, Instant.MIN));
    assertEquals(
        List.of("--follow", "--lines=0"),
        LogFiles.journalctl("flockerd", true, Instant.MIN).subList(7, 9));
    assertEquals(
        List.of("--since=@7", "--follow", "--no-tail"),
        LogFiles.journalctl("flockerd", true, Instant.ofEpochSecond(7)).subList(7, 10));
  }

  private static List<String> names(Path... files) {
    return List.copyOf(LogFiles.named(List.of(files)).keySet());
  }
}
