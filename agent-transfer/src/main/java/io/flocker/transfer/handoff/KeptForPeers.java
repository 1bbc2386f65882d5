package io.flocker.transfer.handoff;

import static java.util.stream.Collectors.toCollection;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.PeerBases;
import io.flocker.core.volume.RevertedCopies;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeLocks;
import java.util.HashSet;
import java.util.Set;

/**
 * What only the owner of a volume keeps: the bases of its peers' next increments. Goes with the
 * volume. The policy of a copy is none of it: its owner tells that. Blocking; any thread may call.
 */
final class KeptForPeers {
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final PeerCursors cursors;
  private final PeerBases bases;
  private final RevertedCopies reverted;

  KeptForPeers(NodeVolumes node) {
    this.catalog = node.catalog();
    this.locks = node.locks();
    this.cursors = node.memory().cursors();
    this.bases = node.bases();
    this.reverted = node.reverted();
  }

  /** Keeps nothing any more of a volume, which the caller has alone. May be repeated. */
  void letGo(Volume volume) throws FailureException {
    bases.letGo(volume);
    cursors.forget(volume.id());
  }

  /**
   * Keeps nothing of volumes that are copies here: a stream of the next owner may come before the
   * answer to its grant, and makes what was released a replica then. What somebody works on is left
   * to the next time, and what this node owned before its pool went back until that is decided.
   */
  void letGoOfCopies() throws FailureException {
    Set<VolumeId> kept =
        catalog.known().stream()
            .filter(head -> isKept(head.role(), head.id()))
            .map(VolumeHead::id)
            .collect(toCollection(HashSet::new));
    if (!kept.isEmpty()) {
      kept.removeAll(reverted.list().keySet());
      kept.forEach(this::letGoOfCopy);
    }
  }

  private void letGoOfCopy(VolumeId id) {
    try (VolumeLocks.Lease _ = locks.ownBriefly(id, "sweep")) {
      Volume volume = catalog.require(id);
      if (isKept(volume.role(), id)) { // It may be acquired by now.
        letGo(volume);
      }
    } catch (FailureException e) {
      if (e.failure() != OwnershipFailure.VOLUME_LOCKED
          && e.failure() != OwnershipFailure.VOLUME_NOT_FOUND) {
        Action.traceback(e);
      }
    }
  }

  private boolean isKept(Role role, VolumeId id) {
    return role == Role.REPLICA && !cursors.peers(id).isEmpty();
  }
}
