package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.ReleaseJournal;
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
  private final ReleaseJournal journal;
  private final EpochMemory epochs;

  Release(NodeVolumes node) {
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.self = node.self();
    this.grants = node.memory().grants();
    this.journal = node.memory().journals().releases();
    this.epochs = node.memory().epochs();
  }

  /**
   * Gives the volume away. When this returns the record is on disk, and there is only forward.
   * Before, its epoch is agreed to, and it is signed and written into the journal; there it is
   * struck once its end is known, before anybody may write the volume again. So a daemon that comes
   * after one that was killed settles what it finds in the journal.
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
        .call(() -> commit(volume, release));
  }

  private OwnershipRecord commit(Volume volume, OwnershipEvent.Released release)
      throws FailureException {
    ReleaseJournal.Entry entry =
        new ReleaseJournal.Entry(volume.id(), volume.dataset().record(), release);
    OwnershipRecord agreed = catalog.records().agree(volume.dataset(), release);
    signCreation(entry);
    grants.sign(
        volume.id(),
        agreed.epoch(),
        self,
        release.to(),
        release.operation(),
        release.finalSnapshot());
    journal.add(entry);
    OwnershipRecord released;
    try {
      released = write(volume.dataset(), entry);
    } catch (FailureException | RuntimeException e) {
      if (!(e instanceof UndecidedException)) {
        strikeRefused(entry, e);
      }
      throw e;
    }
    strike(volume.id());
    return released;
  }

  /** Now or never: only the record of epoch 0 says which operation created the volume, and how. */
  private void signCreation(ReleaseJournal.Entry entry) throws FailureException {
    Optional<OwnershipRecord> first = entry.before().filter(record -> record.epoch() == 0);
    if (first.isPresent()) {
      grants.signCreation(entry.volume(), self, first.get().operation(), first.get().isOfFreshId());
    }
  }

  /** Where a refused release cannot be struck, nobody may write the volume until it is. */
  private void strikeRefused(ReleaseJournal.Entry entry, Exception refusal) {
    try {
      journal.remove(entry.volume());
    } catch (FailureException | RuntimeException e) {
      e.addSuppressed(refusal);
      throw new UndecidedException(entry, e);
    }
  }

  /** A release that stays in the journal is found to be settled at the next look. */
  private void strike(VolumeId volume) {
    try {
      journal.remove(volume);
    } catch (FailureException | RuntimeException e) {
      Action.traceback(e);
    }
  }

  /**
   * Settles whether a volume was given away. A command that was given up may still be at work, and
   * no look at the record rules out that it writes in a moment. So there is only forward: the same
   * record, whose epoch was agreed to then, is written again; after that it makes no difference
   * when the first command comes through.
   *
   * @throws FailureException when it is still not known
   */
  void settle(ReleaseJournal.Entry entry) throws FailureException {
    Optional<Volume> there = catalog.find(entry.volume());
    if (there.isPresent()) {
      settle(there.get().dataset(), entry);
    }
    // Else its dataset is gone, and what was to be given away with it.
    strike(entry.volume());
  }

  private void settle(Dataset dataset, ReleaseJournal.Entry entry) throws FailureException {
    OwnershipEvent.Released release = entry.release();
    if (dataset.record().filter(record -> isReleasedBy(release, record)).isPresent()) {
      catalog.lookAround();
    } else if (dataset.record().equals(entry.before()) && !isOvertaken(entry)) {
      GrantDelivery.requireUnmounted(dataset, release.to());
      var _ = catalog.records().apply(dataset, release);
    }
    // Any other record is somebody's decision, and newer than ours.
  }

  /**
   * Whether a later owner is proven: then the volume is his, and no record of a lower epoch is
   * written any more. That happens where the journal is from a state folder that went back in time.
   */
  private boolean isOvertaken(ReleaseJournal.Entry entry) {
    return entry
        .before()
        .filter(before -> epochs.highest(entry.volume()) > before.epoch() + 1)
        .isPresent();
  }

  private OwnershipRecord write(Dataset dataset, ReleaseJournal.Entry entry)
      throws FailureException {
    OwnershipEvent.Released release = entry.release();
    try {
      return catalog.records().apply(dataset, release).orElseThrow();
    } catch (FailureException | RuntimeException e) {
      Optional<OwnershipRecord> there;
      try {
        there = storage.dataset(dataset.name()).flatMap(Dataset::record);
      } catch (FailureException | RuntimeException unknown) {
        unknown.addSuppressed(e);
        throw new UndecidedException(entry, unknown);
      }
      if (there.filter(record -> isReleasedBy(release, record)).isPresent()) {
        return there.get();
      }
      if (isGivenUp(e)) {
        // The command may still be at work, and what it sets would come later.
        throw new UndecidedException(entry, e);
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

    private final transient ReleaseJournal.Entry entry;

    UndecidedException(ReleaseJournal.Entry entry, Exception cause) {
      super(cause.getMessage(), cause);
      this.entry = entry;
    }

    ReleaseJournal.Entry entry() {
      return entry;
    }
  }
}
