package io.flocker.cli.console;

import java.time.Duration;
import java.util.Locale;

/** Sizes, rates and times as people read them. */
public final class Amounts {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int STEP = 1024;
  private static final double PRECISE_SECONDS = 100;

  private Amounts() {}

  /** A size in the largest unit that it fills, such as {@code 1.5 GiB}. */
  public static String bytes(long bytes) {
    if (bytes < STEP) {
      return bytes + " B";
    }
    double amount = bytes;
    int unit = -1;
    while (amount >= STEP && unit < UNITS.length - 1) {
      amount /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
  }

  /** A rate, such as {@code 96.3 MiB/s}. */
  public static String rate(long bytesPerSecond) {
    return bytes(bytesPerSecond) + "/s";
  }

  /** A time, {@code m:ss} or {@code h:mm:ss}. */
  public static String time(Duration time) {
    return time.toHours() > 0
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", time.toMinutesPart(), time.toSecondsPart());
  }

  /** The same with tenths of a second, such as {@code 2.5 s}, below a hundred of them. */
  public static String seconds(double seconds) {
    return seconds < PRECISE_SECONDS
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : time(Duration.ofSeconds((long) seconds));
  }

  /** A time in its largest unit from minutes on, such as {@code 3 h}; days from the second on. */
  public static String roughly(Duration time) {
    if (time.toDays() > 1) {
      return time.toDays() + " d";
    }
    return time.toHours() > 0 ? time.toHours() + " h" : time.toMinutes() + " min";
  }
}
