package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;
import static io.flocker.core.os.LibC.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** When this machine was started, and how long ago that is. Any thread. */
public final class BootTime {
  private static final Path STAT = Path.of("/proc/stat");
  private static final String LINE = "btime "; // proc_stat(5): seconds since 1970.

  // int clock_gettime(clockid_t, struct timespec *); the struct is two longs on 64 bits.
  private static final LibC CLOCK_GETTIME = LibC.function("clock_gettime", INT, INT, POINTER);
  private static final int CLOCK_BOOTTIME = 7; // linux/time.h
  private static final long NANOS = 1_000_000_000;

  private BootTime() {}

  /**
   * Nanoseconds since the start, which nobody sets: while the machine is suspended they go on, as
   * {@link System#nanoTime} does not. In a virtual machine that is paused they stand still.
   */
  public static long nanos() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(LONG, 2);
      long _ = CLOCK_GETTIME.call(CLOCK_BOOTTIME, time);
      return time.getAtIndex(LONG, 0) * NANOS + time.getAtIndex(LONG, 1);
    } catch (NativeException e) {
      throw new AssertionError(e); // Linux has this clock since 2.6.39 (clock_gettime(2)).
    }
  }

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
