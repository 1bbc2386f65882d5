package io.flocker.cli.it;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what nobody tells of: the state of a node that works on by itself. */
final class Awaiting {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long PAUSE_MILLIS = 100;

  /** Something that will be true. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  private Awaiting() {}

  /** Looks again and again until {@code condition} holds; {@code what} it is names it. */
  static void until(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }
}
