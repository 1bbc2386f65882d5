package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.VolumeView;
import java.util.Optional;

/** Looks at what peers have of a volume before it is sent. Any thread; blocks on the peer. */
final class PeerCopies {
  private final PeerVolumes peers;

  PeerCopies(PeerVolumes peers) {
    this.peers = peers;
  }

  /**
   * What the peer has.
   *
   * @throws FailureException {@code VOLUME_LOCKED} of half a copy, which says nothing about what
   *     will be there; {@code SUPERSEDED} or {@code CONTESTED} of one that an operator is to choose
   *     from: it looks as if it had diverged, and must not be given up
   */
  VolumeView view(NodeId peer, Volume volume) throws FailureException {
    VolumeView there = peers.view(peer, volume);
    refuseKeptCopy(peer, volume, there);
    if (there.arriving().isPresent()) {
      String transfer = "transfer " + there.arriving().get();
      throw OwnershipFailure.VOLUME_LOCKED
          .because(transfer + " is bringing " + volume.name() + " to node " + peer + " just now")
          .with("holder", transfer)
          .with("node", peer);
    }
    return there;
  }

  /** The same for an operation, whose cancellation ends the wait. */
  VolumeView view(NodeId peer, Volume volume, OperationContext context) throws FailureException {
    return CancellableWait.of(context, () -> view(peer, volume));
  }

  private static void refuseKeptCopy(NodeId peer, Volume volume, VolumeView there)
      throws FailureException {
    if (there.role().equals(Optional.of(Role.SUPERSEDED))) {
      throw OwnershipFailure.SUPERSEDED
          .because(
              "node %s keeps a copy of volume %s that node %s has superseded, at epoch %d"
                  .formatted(
                      peer,
                      volume.id(),
                      there.owner().map(NodeId::toString).orElse("another"),
                      there.epoch()))
          .toldBy(peer);
    }
    if (there.role().equals(Optional.of(Role.CONTESTED))) {
      throw OwnershipFailure.CONTESTED
          .because("node %s has volume %s as contested".formatted(peer, volume.id()))
          .toldBy(peer);
    }
  }
}
