package io.flocker.cli.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what tells nobody that it has happened. */
final class Await {
  private static final Duration LONGEST = Duration.ofMinutes(4);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Await() {}

  /** Something that may be so by now. */
  @FunctionalInterface
  interface Condition {
    boolean isSo() throws Exception;
  }

  /** Looks again and again, until it is so; fails the test if it never is. */
  static void until(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!condition.isSo()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain: " + what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
