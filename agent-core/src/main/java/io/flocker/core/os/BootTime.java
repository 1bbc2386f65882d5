package io.flocker.core.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** When this machine was started. */
public final class BootTime {
  private static final Path STAT = Path.of("/proc/stat");
  private static final String LINE = "btime "; // proc_stat(5): seconds since 1970.

  private BootTime() {}

  /** To the second. */
  public static Instant ofThisMachine() throws IOException {
    for (String line : Files.readAllLines(STAT)) {
      if (line.startsWith(LINE)) {
        return Instant.ofEpochSecond(Long.parseLong(line.substring(LINE.length()).strip()));
      }
    }
    throw new IOException(STAT + " does not say when the machine was started");
  }
}
