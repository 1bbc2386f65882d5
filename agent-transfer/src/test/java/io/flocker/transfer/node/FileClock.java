package io.flocker.transfer.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** What gives files their times: it stands still for some milliseconds between two ticks. */
public final class FileClock {
  private FileClock() {}

  /** Waits until what is made from now on bears another time than what was made before. */
  public static void awaitTick(Path folder) {
    FileTime before = now(folder);
    while (now(folder).equals(before)) {
      Thread.onSpinWait();
    }
  }

  private static FileTime now(Path folder) {
    try {
      Path file = Files.createTempFile(folder, "tick", "");
      FileTime now = Files.getLastModifiedTime(file);
      Files.delete(file);
      return now;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
