package io.flocker.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTargetTest {
  @TempDir Path folder;

  @Test
  void isTheJournalWhenSystemdConnectedStdoutToIt() throws IOException {
    Path stdout = Files.createFile(folder.resolve("stdout"));
    Path socket = Files.createFile(folder.resolve("socket"));
    String stream =
        Files.getAttribute(stdout, "unix:dev") + ":" + Files.getAttribute(stdout, "unix:ino");

    assertEquals(new LogTarget.Journald(socket), LogTarget.auto(stream, stdout, socket));
    assertInstanceOf(LogTarget.Stdout.class, LogTarget.auto(stream, socket, socket));
    assertInstanceOf(LogTarget.Stdout.class, LogTarget.auto(null, stdout, socket));
    assertInstanceOf(
        LogTarget.Stdout.class, LogTarget.auto(stream, stdout, folder.resolve("none")));
  }
}
