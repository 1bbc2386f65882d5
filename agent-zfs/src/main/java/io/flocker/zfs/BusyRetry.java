package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import java.time.Duration;

/**
 * Tries again while a dataset is busy: zfs-fuse refuses a rename for a moment after an unmount, and
 * nothing tells when the moment is over.
 */
final class BusyRetry {
  /** What is tried. */
  @FunctionalInterface
  interface Attempt {
    void run() throws FailureException;
  }

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Duration grace;

  BusyRetry(Duration grace) {
    this.grace = grace;
  }

  /** Runs {@code attempt} until it succeeds, fails otherwise, or {@code grace} is over. */
  void whileBusy(Attempt attempt) throws FailureException {
    long deadlineNanos = System.nanoTime() + grace.toNanos();
    for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
      try {
        attempt.run();
        return;
      } catch (FailureException e) {
        boolean isOver = System.nanoTime() + pause.toNanos() - deadlineNanos > 0;
        if (e.failure() != StorageFailure.DATASET_BUSY || isOver) {
          throw e;
        }
      }
      rest(pause);
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private static void rest(Duration pause) throws FailureException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED.because("interrupted while a dataset was busy").causedBy(e);
    }
  }
}
