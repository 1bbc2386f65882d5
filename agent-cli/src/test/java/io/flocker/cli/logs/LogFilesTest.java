package io.flocker.cli.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
  @TempDir private Path folder;

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
        List.of("journalctl", "--unit", "flockerd", "--no-pager", "--output", "cat"),
        LogFiles.journalctl("flockerd", false, Instant.MIN));
    assertEquals(
        List.of("--follow", "--lines=0"),
        LogFiles.journalctl("flockerd", true, Instant.MIN).subList(6, 8));
    assertEquals(
        List.of("--since=@7", "--follow", "--no-tail"),
        LogFiles.journalctl("flockerd", true, Instant.ofEpochSecond(7)).subList(6, 9));
  }

  @Test
  void whoeverFollowsSinceATimeIsToldWhatWasMovedAwayToo() throws Exception {
    Path log = Files.writeString(folder.resolve("flockerd.log"), "new\n");
    Files.writeString(folder.resolve("flockerd.log.1"), "old\n");
    Files.setLastModifiedTime(
        Files.writeString(folder.resolve("flockerd.log.2"), "older\n"),
        FileTime.from(Instant.EPOCH));

    try (InputStream followed = LogFiles.openSince(log, Instant.EPOCH.plusSeconds(1), true)) {
      assertEquals("old\nnew\n", new String(followed.readNBytes(8), UTF_8));
    }
  }

  /** Such as one who may not read the journal. */
  @Test
  void aJournalThatCannotBeReadIsNoEmptyOne() throws Exception {
    try (InputStream journal = journal("echo one; exit 1")) {
      assertEquals("one\n", new String(journal.readNBytes(4), UTF_8));
      IOException failure = assertThrows(IOException.class, journal::read);
      assertEquals("journalctl ended with status 1", failure.getMessage());
    }
    try (InputStream journal = journal("echo one")) {
      assertEquals("one\n", new String(journal.readAllBytes(), UTF_8));
    }
  }

  private static InputStream journal(String shell) throws IOException {
    return new JournalOutput(new ProcessBuilder("sh", "-c", shell).start());
  }

  private static List<String> names(Path... files) {
    return List.copyOf(LogFiles.named(List.of(files)).keySet());
  }
}
