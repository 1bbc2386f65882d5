package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.retry.Backoff;
import io.flocker.core.volume.VolumeLocks;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Waits for what a peer may still receive of a volume although its sender has stopped. One thread.
 */
final class CutReceive {
  /** A receive that has lost its sender usually ends within that time. */
  private static final Duration CUT = Duration.ofSeconds(20);

  private final BooleanSupplier mayBe;

  private CutReceive(BooleanSupplier mayBe) {
    this.mayBe = mayBe;
  }

  /** For a volume that nobody else sends: whatever the peer still receives was cut. */
  static CutReceive certain() {
    return new CutReceive(() -> true);
  }

  /**
   * For a volume that a replication may be sending, which is asked to leave: the peer may receive
   * its stream for a while after it has ended here.
   *
   * @param what it is called in the locks
   */
  static CutReceive of(VolumeLocks locks, VolumeId id, String what) {
    AtomicBoolean isThere = new AtomicBoolean(locks.yields(id, what));
    return new CutReceive(() -> {
      if (locks.askToLeave(id, what)) {
        isThere.set(true);
      }
      return isThere.get();
    });
  }

  /**
   * Tries, and tries again while the peer may still receive what was cut.
   *
   * @param again what is tried then
   */
  <T> T outwait(Callable<T> first, Callable<T> again) throws Exception {
    Callable<T> next = first;
    Backoff waiting = null;
    while (true) {
      try {
        return next.call();
      } catch (FailureException e) {
        if (waiting == null) {
          waiting = Backoff.from(Duration.ofMillis(50), Duration.ofSeconds(1)).within(CUT);
        }
        if (e.failure() != OwnershipFailure.VOLUME_LOCKED
            || waiting.isOver()
            || !mayBe.getAsBoolean()
            || !waiting.pause()) {
          throw e;
        }
        next = again;
      }
    }
  }
}
