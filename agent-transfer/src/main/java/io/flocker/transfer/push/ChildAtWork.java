package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.transfer.protocol.PeerVolumes;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells the peer that a stream which brings nothing is not forgotten: that its child is at work.
 * The peer is asked how the stream fares; an older one merely answers. One thread.
 */
final class ChildAtWork {
  /** So often that a question or two may be lost before the peer's patience is. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final PeerVolumes peers;
  private final NodeId peer;
  private final UUID transfer;
  private final long pauseNanos;
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private long sentBytes = -1;
  private long sinceNanos = System.nanoTime();

  ChildAtWork(PeerVolumes peers, NodeId peer, UUID transfer) {
    this(peers, peer, transfer, PAUSE);
  }

  /**
   * The same.
   *
   * @param pause how long nothing is sent before the peer is told, and between two tellings
   */
  ChildAtWork(PeerVolumes peers, NodeId peer, UUID transfer, Duration pause) {
    this.peers = peers;
    this.peer = peer;
    this.transfer = transfer;
    this.pauseNanos = pause.toNanos();
  }

  /** Looks how far the stream is; called all the while that it is under way. Does not wait. */
  void sent(long bytes) {
    long now = System.nanoTime();
    if (bytes != sentBytes) {
      sentBytes = bytes;
      sinceNanos = now;
    } else if (now - sinceNanos >= pauseNanos && isAsking.compareAndSet(false, true)) {
      sinceNanos = now;
      Thread.ofVirtual().name("child-at-work").start(this::tell);
    }
  }

  private void tell() {
    try {
      var _ = peers.result(peer, transfer);
    } catch (FailureException _) {
      // The stream itself finds out what is wrong, or the next question gets through.
    } finally {
      isAsking.set(false);
    }
  }
}
