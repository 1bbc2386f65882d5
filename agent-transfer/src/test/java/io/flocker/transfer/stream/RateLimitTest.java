package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long RATE = 10 << 20;
  private static final int READ = 256 << 10;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Wakes up this much later than it asked for, as timers do. */
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(3);

  private long nowNanos = -SECOND; // A clock may stand anywhere.
  private final RateLimit limit = new RateLimit(RATE, nowNanos);

  /** A read that has passed. */
  private record Passed(long atNanos, long bytes) {}

  @Test
  @DisplayName("B12 ten seconds at 10 MiB/s bring 100 MiB, give or take 5 %")
  void keepsTheRate() {
    long bytes = passFor(10 * SECOND, SECOND);

    assertEquals(10 * RATE, (double) bytes, 0.05 * 10 * RATE);
  }

  @Test
  @DisplayName("B12 no second, not even the one after a rest, brings more than a bounded burst")
  void boundsTheBurst() {
    assertTrue(passFor(SECOND, SECOND) > 0);
    nowNanos += 60 * SECOND;
    assertTrue(passFor(2 * SECOND, SECOND) > 0);
  }

  @Test
  void makesUpForWhatWasTooMuch() {
    limit.pass(RATE, nowNanos);

    assertEquals(0.9 * SECOND, (double) limit.waitNanos(nowNanos), 1_000);
    assertEquals(0, limit.waitNanos(nowNanos + SECOND));
  }

  @Test
  @DisplayName("B13 another rate counts at once, for what was too much before, too")
  void takesUpAnotherRate() {
    limit.pass(RATE, nowNanos);

    limit.change(9 * RATE, nowNanos);

    assertEquals(0.1 * SECOND, (double) limit.waitNanos(nowNanos), 1_000);
  }

  /** Passes all that may for so long, and checks every window on the way. */
  private long passFor(long nanos, long windowNanos) {
    long end = nowNanos + nanos;
    long total = 0;
    long inWindow = 0;
    ArrayDeque<Passed> window = new ArrayDeque<>();
    while (nowNanos < end) {
      long wait = limit.waitNanos(nowNanos);
      if (wait > 0) {
        nowNanos += wait + LATE;
        continue;
      }
      limit.pass(READ, nowNanos);
      total += READ;
      window.add(new Passed(nowNanos, READ));
      inWindow += READ;
      while (window.element().atNanos() <= nowNanos - windowNanos) {
        inWindow -= window.remove().bytes();
      }
      assertTrue(inWindow <= RATE + RATE / 10 + READ, "in one window: " + inWindow);
    }
    return total;
  }
}
