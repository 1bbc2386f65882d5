package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The commit of a handoff: one property of one dataset. Blocking, with the volume locked. */
final class Release {
  private final Storage storage;
  private final VolumeCatalog catalog;

  Release(Storage storage, VolumeCatalog catalog) {
    this.storage = storage;
    this.catalog = catalog;
  }

  /**
   * Gives the volume away. When this returns the record is on disk, and there is only forward.
   *
   * @throws FailureException when it is certain that nothing was given away; a set whose outcome
   *     nobody knows is looked up, and if even that fails the volume stays without a writer
   */
  OwnershipRecord commit(Volume volume, NodeId peer, UUID operation, Guid finalSnapshot)
      throws Exception {
    OwnershipEvent release = new OwnershipEvent.Released(peer, operation, finalSnapshot);
    return Action.start(
            ActionType.HANDOFF_RELEASE,
            Map.of(
                "volume", volume.id().toString(),
                "peer", peer.toString(),
                "epoch", volume.epoch() + 1,
                "finalSnapshot", finalSnapshot.toString()))
        .call(() -> write(volume.dataset(), release, operation));
  }

  private OwnershipRecord write(Dataset dataset, OwnershipEvent release, UUID operation)
      throws FailureException {
    try {
      return catalog.apply(dataset, release).orElseThrow();
    } catch (FailureException | RuntimeException e) {
      Optional<OwnershipRecord> there;
      try {
        there = storage.dataset(dataset.name()).flatMap(Dataset::record);
      } catch (FailureException | RuntimeException unknown) {
        unknown.addSuppressed(e);
        throw new UndecidedException(unknown);
      }
      if (there.filter(record -> isReleasedBy(operation, record)).isPresent()) {
        return there.get();
      }
      if (isGivenUp(e)) {
        // The command may still be at work, and what it sets would come later.
        throw new UndecidedException(e);
      }
      throw e;
    }
  }

  private static boolean isReleasedBy(UUID operation, OwnershipRecord record) {
    return record.state() == OwnershipState.RELEASED && record.operation().equals(operation);
  }

  private static boolean isGivenUp(Exception e) {
    return e instanceof FailureException refused
        && (refused.failure() == StorageFailure.ZFS_TIMEOUT
            || refused.failure() == TransferFailure.CANCELLED);
  }

  /** Nobody knows whether the volume was given away: neither node may write until it is known. */
  static final class UndecidedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UndecidedException(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }
}
