package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.retry.Backoff;
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
    Backoff backoff = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE).within(grace);
    while (true) {
      try {
        attempt.run();
        return;
      } catch (FailureException e) {
        if (e.failure() != StorageFailure.DATASET_BUSY || !hasRested(backoff)) {
          throw e;
        }
      }
    }
  }

  private static boolean hasRested(Backoff backoff) throws FailureException {
    try {
      return backoff.pause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED.because("interrupted while a dataset was busy").causedBy(e);
    }
  }
}
