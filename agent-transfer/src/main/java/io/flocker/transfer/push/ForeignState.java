package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import java.util.Map;

/**
 * Tells the saved state of another volume from one that has merely become out of date. The latter
 * is dropped, and all is planned anew. The former nobody comes by in good faith: {@code zfs send
 * -t} would read whatever volume it names. Any thread; blocks on ZFS.
 */
final class ForeignState {
  private final VolumeCatalog catalog;

  ForeignState(VolumeCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Refuses what is of another volume of this node: its snapshot is there, by name and guid. The
   * pool is asked only where the volume itself does not have that snapshot.
   *
   * @param peer who has shown it as what it has saved of {@code volume}
   * @throws FailureException {@code FOREIGN_TOKEN}, which is logged
   */
  void refuse(ResumeState state, Volume volume, NodeId peer) throws FailureException {
    if (isOf(volume, state.to())) {
      return;
    }
    int at = state.toName().indexOf('@');
    String dataset = state.toName().substring(0, Math.max(0, at));
    for (VolumeHead head : catalog.known()) {
      if (head.dataset().equals(dataset) && !head.id().equals(volume.id()) && has(head, state)) {
        Action.message(
            MessageType.TRANSFER_REFUSED,
            Map.of(
                "volume", volume.id().toString(),
                "peer", peer.toString(),
                "snapshot", state.toName()));
        throw TransferFailure.FOREIGN_TOKEN
            .because(
                "node %s shows as what it has saved of volume %s a token of %s"
                    .formatted(peer, volume.name(), state.toName()))
            .told("to give up the copy: " + volume.removalAt(peer) + ", then have it sent anew")
            .with("node", peer);
      }
    }
  }

  private boolean has(VolumeHead head, ResumeState state) throws FailureException {
    return catalog
        .at(head.dataset())
        .filter(other ->
            other.dataset().snapshots().stream()
                .anyMatch(snapshot ->
                    snapshot.guid().equals(state.to())
                        && state.toName().equals(head.dataset() + "@" + snapshot.name())))
        .isPresent();
  }

  private static boolean isOf(Volume volume, Guid snapshot) {
    return volume.dataset().snapshots().stream().anyMatch(each -> each.guid().equals(snapshot));
  }
}
