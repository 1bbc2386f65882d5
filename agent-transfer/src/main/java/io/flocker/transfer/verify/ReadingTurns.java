package io.flocker.transfer.verify;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Who reads a volume for a comparison: one for this node's own, one for its peers. More would only
 * take the disk from each other; but what peers ask for, and that may be much, keeps nothing of
 * this node's own waiting, nor does one peer keep the others. Blocks; any thread.
 */
final class ReadingTurns {
  /** What somebody has until he closes it. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Hears how far somebody has got. */
  interface TurnListener {
    /** Another one has the turn. */
    void waits() throws FailureException;

    /** It is his. */
    void begins() throws FailureException;
  }

  private final Semaphore own = new Semaphore(1, true);
  private final Semaphore asked = new Semaphore(1, true);
  private final Map<NodeId, Semaphore> ofPeers = new ConcurrentHashMap<>();

  /**
   * The turn of this node itself.
   *
   * @throws FailureException {@code CANCELLED} when the thread is interrupted, or after two days;
   *     whatever {@code listener} throws
   */
  Turn own(TurnListener listener) throws FailureException {
    if (!own.tryAcquire()) {
      listener.waits();
      take(own);
    }
    try {
      listener.begins();
      return own::release;
    } catch (FailureException | RuntimeException e) {
      own.release();
      throw e;
    }
  }

  /**
   * The place of a peer among those that ask: one of its requests has it at a time, and only that
   * one may have something mounted while it waits for {@link #asked}.
   *
   * @throws FailureException {@code CANCELLED} when the thread is interrupted, or after two days
   */
  Turn of(NodeId peer) throws FailureException {
    return turn(ofPeers.computeIfAbsent(peer, _ -> new Semaphore(1, true)));
  }

  /**
   * The turn of the peers, for whoever has the place of one.
   *
   * @throws FailureException {@code CANCELLED} when the thread is interrupted, or after two days
   */
  Turn asked() throws FailureException {
    return turn(asked);
  }

  private static Turn turn(Semaphore semaphore) throws FailureException {
    take(semaphore);
    return semaphore::release;
  }

  private static void take(Semaphore turn) throws FailureException {
    try {
      if (!turn.tryAcquire(FolderDigest.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        throw TransferFailure.CANCELLED.because(
            "other comparisons took all of %d hours".formatted(FolderDigest.DEADLINE.toHours()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("the wait for another comparison's end was interrupted")
          .causedBy(e);
    }
  }
}
