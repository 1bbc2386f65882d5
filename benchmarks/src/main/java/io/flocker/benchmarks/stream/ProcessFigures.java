package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What /proc tells of the time and memory that processes take; see proc(5). */
public final class ProcessFigures {
  private static final double TICKS_PER_SECOND = 100; // USER_HZ, which Linux shows everywhere
  private static final int FIELDS_BEFORE_STATE = 2;
  private static final int USER_TIME = 14 - 1 - FIELDS_BEFORE_STATE;
  private static final int CHILDREN_USER_TIME = 16 - 1 - FIELDS_BEFORE_STATE;
  private static final int IDLE = 4;
  private static final int WAITING = 5;
  private static final int STOLEN = 8;

  private ProcessFigures() {}

  /** CPU-seconds of the process itself. */
  public static double own(long pid) throws IOException {
    return pair(pid, USER_TIME);
  }

  /** CPU-seconds of its children that have ended. */
  static double children(long pid) throws IOException {
    return pair(pid, CHILDREN_USER_TIME);
  }

  /** CPU-seconds of the whole machine, whoever took them. */
  public static double machine() throws IOException {
    String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1);
    long ticks = 0;
    for (int field = 1; field < STOLEN; field++) {
      if (field != IDLE && field != WAITING) {
        ticks += Long.parseLong(fields[field]);
      }
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** The most memory that the process had resident since {@link #forgetPeak}. */
  static long peakBytes(long pid) throws IOException {
    return status(pid, "VmHWM:");
  }

  /** What it has resident now. */
  static long residentBytes(long pid) throws IOException {
    return status(pid, "VmRSS:");
  }

  /** Lets the peak begin anew. */
  static void forgetPeak(long pid) throws IOException {
    Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
  }

  private static long status(long pid, String field) throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(each -> each.startsWith(field))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }

  private static double pair(long pid, int first) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Arrays.stream(fields, first, first + 2).mapToLong(Long::parseLong).sum()
        / TICKS_PER_SECOND;
  }
}
