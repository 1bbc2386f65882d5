package io.flocker.http.server;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Lets one line of each address into the log in an interval, so that nobody fills it, or makes it
 * forget, by what costs no certificate. Bounded; beyond the bound all other addresses are one. Any
 * thread may call.
 */
final class LogThrottle {
  private static final int MOST_KEYS = 1024;
  private static final String OTHERS = "";

  private final long intervalNanos;
  private final LongSupplier nanoTime;

  /** In the order of their last lines. */
  private final Map<String, Line> lines = new LinkedHashMap<>();

  private record Line(long nanos, long leftOut) {}

  /**
   * Has let nothing in yet.
   *
   * @param nanoTime such as {@link System#nanoTime}
   */
  LogThrottle(Duration interval, LongSupplier nanoTime) {
    this.intervalNanos = interval.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Asks for a line.
   *
   * @return how many were left out since the last one; empty if this one is to be left out
   */
  synchronized OptionalLong admit(String address) {
    long now = nanoTime.getAsLong();
    forget(now);
    String key = lines.containsKey(address) || lines.size() < MOST_KEYS ? address : OTHERS;
    Line last = lines.get(key);
    if (last != null && now - last.nanos() < intervalNanos) {
      lines.put(key, new Line(last.nanos(), last.leftOut() + 1));
      return OptionalLong.empty();
    }
    lines.remove(key);
    lines.put(key, new Line(now, 0));
    return OptionalLong.of(last == null ? 0 : last.leftOut());
  }

  /**
   * Forgets addresses whose interval is over; while there is room, not those of which lines were
   * left out: their next line tells how many.
   */
  private void forget(long now) {
    Iterator<Line> oldest = lines.values().iterator();
    while (oldest.hasNext()) {
      Line line = oldest.next();
      boolean isOver = now - line.nanos() >= intervalNanos;
      if (!isOver) {
        return;
      }
      if (line.leftOut() == 0 || lines.size() >= MOST_KEYS) {
        oldest.remove();
      }
    }
  }
}
