package io.flocker.cli.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogTailTest {
  @TempDir Path folder;

  @Test
  void isWhatTheJournalPrints() throws Exception {
    byte[] read = LogTail.ofJournal(script("echo $*"), "flockerd", Duration.ofMinutes(1));

    assertTrue(new String(read, UTF_8).contains("--unit flockerd"), new String(read, UTF_8));
  }

  @Test
  void aJournalThatNeverComesToItsEndIsGivenUp() throws Exception {
    for (String hanging : List.of("exec sleep 1000", "exec yes")) {
      String journalctl = script(hanging);

      IOException failure =
          assertThrows(
              IOException.class,
              () -> LogTail.ofJournal(journalctl, "flockerd", Duration.ofSeconds(1)));

      assertEquals("journalctl has not come to its end within 1 s", failure.getMessage());
    }
  }

  private String script(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("journalctl"), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }
}
