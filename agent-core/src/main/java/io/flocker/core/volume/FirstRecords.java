package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Which datasets get their first record just now, each by one at a time: from whoever makes one, or
 * adopts one that was found without. One that hangs holds up nobody who is about another. Any
 * thread.
 */
final class FirstRecords {
  /** Longer than ZFS takes to make a dataset where it does not hang. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private enum Deed {
    MAKING,
    ADOPTING
  }

  private final Map<String, Deed> busy = new HashMap<>();
  private final Duration patience;

  FirstRecords() {
    this(PATIENCE);
  }

  /**
   * The same.
   *
   * @param patience how long whoever is about the same dataset is waited for
   */
  FirstRecords(Duration patience) {
    this.patience = patience;
  }

  /**
   * Makes a dataset and gives it its record, alone.
   *
   * @throws FailureException {@code VOLUME_LOCKED} while somebody else is about it for too long
   */
  <T> T make(String dataset, VolumeMutex.Decision<T> making) throws FailureException {
    if (!take(dataset, Deed.MAKING)) {
      throw OwnershipFailure.VOLUME_LOCKED.because(
          "another request makes "
              + dataset
              + ", for more than "
              + patience.toSeconds()
              + " s by now: ZFS may hang");
    }
    return run(dataset, making);
  }

  /** Gives a dataset its record, alone; empty for one that is being made: it will have one. */
  <T> Optional<T> adopt(String dataset, VolumeMutex.Decision<Optional<T>> adopting)
      throws FailureException {
    return take(dataset, Deed.ADOPTING) ? run(dataset, adopting) : Optional.empty();
  }

  private <T> T run(String dataset, VolumeMutex.Decision<T> deed) throws FailureException {
    try {
      return deed.take();
    } finally {
      leave(dataset);
    }
  }

  private synchronized boolean take(String dataset, Deed wanted) throws FailureException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (busy.containsKey(dataset)) {
        long leftNanos = deadline - System.nanoTime();
        boolean isInVain = wanted == Deed.ADOPTING && busy.get(dataset) == Deed.MAKING;
        if (isInVain || leftNanos <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("interrupted before its turn at " + dataset)
          .causedBy(e);
    }
    var _ = busy.put(dataset, wanted);
    return true;
  }

  private synchronized void leave(String dataset) {
    var _ = busy.remove(dataset);
    notifyAll();
  }
}
