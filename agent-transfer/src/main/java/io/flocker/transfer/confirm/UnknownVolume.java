package io.flocker.transfer.confirm;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.Takeover;
import io.flocker.transfer.protocol.ConfirmAnswer;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks whether a volume that is to be created is known anywhere. Blocking; any thread. */
final class UnknownVolume {
  private final PeerBook peers;
  private final PeerVolumes links;
  private final Duration wait;

  /**
   * Asks {@code peers}.
   *
   * @param wait how long each is waited for, all at once
   */
  UnknownVolume(PeerBook peers, PeerVolumes links, Duration wait) {
    this.peers = peers;
    this.links = links;
    this.wait = wait;
  }

  /**
   * Makes sure of it, as far as anybody can be asked.
   *
   * @throws FailureException {@code VOLUME_EXISTS}, naming the node that knows it, or {@code
   *     PEERS_UNANSWERED} where one that may take over does not answer
   */
  void require(VolumeId volume) throws FailureException {
    Optional<String> forgotten = peers.forgotten();
    if (forgotten.isPresent()) {
      throw OwnershipFailure.PEERS_UNANSWERED.because(
          forgotten.get() + "; without an id of your own nobody needs to be asked");
    }
    Map<Peer, CompletableFuture<Boolean>> answers = new LinkedHashMap<>();
    for (Peer peer : peers.list()) {
      answers.put(peer, InBackground.ask(() -> isKnown(peer.node(), volume)));
    }
    long deadline = System.nanoTime() + wait.toNanos();
    for (Map.Entry<Peer, CompletableFuture<Boolean>> answer : answers.entrySet()) {
      long left = Math.max(0, deadline - System.nanoTime());
      if (isKnown(answer.getKey(), volume, answer.getValue(), left)) {
        NodeId knows = answer.getKey().node();
        throw OwnershipFailure.VOLUME_EXISTS
            .because("node " + knows + " knows volume " + volume + " already")
            .with("volume", volume)
            .with("node", knows);
      }
    }
  }

  private boolean isKnown(NodeId peer, VolumeId volume) throws FailureException {
    ConfirmAnswer answer = links.confirm(peer, volume, ConfirmRequest.BLANK);
    return answer.role().isPresent() || answer.highestEpoch() > 0;
  }

  private static boolean isKnown(
      Peer peer, VolumeId volume, CompletableFuture<Boolean> answer, long leftNanos)
      throws FailureException {
    try {
      return answer.get(leftNanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      if (peer.takeover() == Takeover.MANUAL) {
        throw OwnershipFailure.PEERS_UNANSWERED
            .because(
                ("node %s, which may take volumes over, does not say whether it knows volume %s;"
                        + " without an id of your own nobody needs to be asked")
                    .formatted(peer.node(), volume))
            .with("node", peer.node())
            .causedBy(e);
      }
      return false; // It is asked for as long as it takes, once the volume is there.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED.because("interrupted").causedBy(e);
    }
  }
}
