package io.flocker.core.retry;

import java.time.Duration;

/** How long to wait before something that failed is tried again. */
public final class Pauses {
  private static final int MOST_DOUBLINGS = 30;

  private Pauses() {}

  /**
   * After so many failures in a row: each pause is twice the one before.
   *
   * @param failures at least 1
   */
  public static Duration after(int failures, Duration first, Duration longest) {
    Duration pause = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
