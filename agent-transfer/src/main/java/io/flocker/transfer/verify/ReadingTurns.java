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

  /** Hears that another one has the turn. */
  interface WaitListener {
    void waits() throws FailureException;
  }

  private final Semaphore own = new Semaphore(1, true);
  private final Semaphore asked = new Semaphore(1, true);

  /** Of several that one peer asks for, one waits with those of the others. */
  private final Map<NodeId, Semaphore> ofPeers = new ConcurrentHashMap<>();

  /**
   * The turn of this node itself.
   *
   * @param listener hears of it if another one has it
   * @throws FailureException {@code CANCELLED} when the thread is interrupted, or after two days
   */
  Turn own(WaitListener listener) throws FailureException {
    if (!own.tryAcquire()) {
      listener.waits();
      take(own);
    }
    return own::release;
  }

  /**
   * The turn of a peer.
   *
   * @throws FailureException {@code CANCELLED} when the thread is interrupted, or after two days
   */
  Turn of(NodeId peer) throws FailureException {
    Semaphore ofPeer = ofPeers.computeIfAbsent(peer, _ -> new Semaphore(1, true));
    take(ofPeer);
    try {
      take(asked);
    } catch (FailureException e) {
      ofPeer.release();
      throw e;
    }
    return () -> {
      asked.release();
      ofPeer.release();
    };
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
