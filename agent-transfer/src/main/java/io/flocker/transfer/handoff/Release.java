package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.NodeVolumes;
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
  private final NodeId self;
  private final GrantKeeper grants;

  Release(NodeVolumes node) {
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.self = node.self();
    this.grants = node.memory().grants();
  }

  /**
   * Gives the volume away: signs that it does, then does. When this returns the record is on disk,
   * and there is only forward.
   *
   * @throws FailureException when it is certain that nothing was given away
   * @throws UndecidedException when nobody knows: the caller sees to it that the volume stays
   *     without a writer until {@link #settle} is through
   */
  OwnershipRecord commit(Volume volume, NodeId peer, UUID operation, Guid finalSnapshot)
      throws Exception {
    OwnershipEvent.Released release = new OwnershipEvent.Released(peer, operation, finalSnapshot);
    return Action.start(
            ActionType.HANDOFF_RELEASE,
            Map.of(
                "volume", volume.id().toString(),
                "peer", peer.toString(),
                "epoch", volume.epoch() + 1,
                "finalSnapshot", finalSnapshot.toString()))
        .call(() -> {
          grants.sign(volume.id(), volume.epoch() + 1, self, peer, operation, finalSnapshot);
          return write(volume.dataset(), release);
        });
  }

  /**
   * Has it known whether a volume was given away. A command that was given up may still be at work,
   * and no look at the record rules out that it will be written in a moment; so there is only
   * forward: the same record is written again, after which it is all the same when the first
   * command comes through.
   *
   * @param before the volume as it was when it was to be given away
   * @throws FailureException when it is still not known
   */
  void settle(Volume before, OwnershipEvent.Released release) throws FailureException {
    Dataset dataset = catalog.require(before.id()).dataset();
    if (dataset.record().filter(record -> isReleasedBy(release, record)).isPresent()) {
      catalog.lookAround();
    } else if (dataset.record().equals(before.dataset().record())) {
      GrantDelivery.requireUnmounted(dataset, release.to());
      var _ = catalog.apply(dataset, release);
    }
    // Any other record is somebody's decision, and newer than ours.
  }

  private OwnershipRecord write(Dataset dataset, OwnershipEvent.Released release)
      throws FailureException {
    try {
      return catalog.apply(dataset, release).orElseThrow();
    } catch (FailureException | RuntimeException e) {
      Optional<OwnershipRecord> there;
      try {
        there = storage.dataset(dataset.name()).flatMap(Dataset::record);
      } catch (FailureException | RuntimeException unknown) {
        unknown.addSuppressed(e);
        throw new UndecidedException(release, unknown);
      }
      if (there.filter(record -> isReleasedBy(release, record)).isPresent()) {
        return there.get();
      }
      if (isGivenUp(e)) {
        // The command may still be at work, and what it sets would come later.
        throw new UndecidedException(release, e);
      }
      throw e;
    }
  }

  private static boolean isReleasedBy(OwnershipEvent.Released release, OwnershipRecord record) {
    return record.state() == OwnershipState.RELEASED
        && record.operation().equals(release.operation());
  }

  private static boolean isGivenUp(Exception e) {
    return e instanceof FailureException refused
        && (refused.failure() == StorageFailure.ZFS_TIMEOUT
            || refused.failure() == TransferFailure.CANCELLED);
  }

  /** Nobody knows whether the volume was given away: neither node may write until it is known. */
  static final class UndecidedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient OwnershipEvent.Released release;

    UndecidedException(OwnershipEvent.Released release, Exception cause) {
      super(cause.getMessage(), cause);
      this.release = release;
    }

    OwnershipEvent.Released release() {
      return release;
    }
  }
}
