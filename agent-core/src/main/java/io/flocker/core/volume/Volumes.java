package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.volume.SnapshotClaims.Release;
import io.flocker.core.volume.VolumeLocks.Lease;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The volumes of this node and what its owner can do with them. Any thread may call; every method
 * blocks on ZFS. Methods take the volume's lock themselves unless they say otherwise.
 */
public final class Volumes {
  /** Of a full name: ZFS_MAX_DATASET_NAME_LEN less the final NUL. */
  private static final int MOST_CHARACTERS = 255;

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;
  private final PeerCursors cursors;
  private final VolumeLocks locks;
  private final VolumeRegister register;
  private final VolumeUnmounter unmounter;
  private final DatasetRenaming naming;
  private final SnapshotClaims claims;
  private final VolumeMaker maker;

  /** The volumes of {@code catalog} at {@code home}. */
  Volumes(
      Storage storage,
      VolumeCatalog catalog,
      LocalNode home,
      NodeMemory memory,
      VolumeLocks locks,
      VolumeUnmounter unmounter,
      SnapshotClaims claims,
      Clearance clearance) {
    this.storage = storage;
    this.catalog = catalog;
    this.home = home;
    this.cursors = memory.cursors();
    this.register = memory.register();
    this.locks = locks;
    this.unmounter = unmounter;
    this.claims = claims;
    this.maker = new VolumeMaker(storage, catalog, home, register, locks, clearance);
    this.naming = new DatasetRenaming(catalog);
  }

  /**
   * Makes an empty volume that this node owns, and mounts it with the mode of the node's new
   * volumes.
   *
   * @param wanted its id; a fresh one if empty
   * @param quotaBytes refquota; 0 is none
   * @throws FailureException {@code VOLUME_EXISTS}, {@code VOLUME_DESTROYED}, {@code
   *     MOUNTPOINT_OCCUPIED}, {@code QUOTA_TOO_SMALL}; after any failure nothing is left of it
   */
  public Volume create(VolumeName name, Optional<VolumeId> wanted, long quotaBytes)
      throws FailureException {
    return create(name, wanted, quotaBytes, Map.of());
  }

  /**
   * The same with something written about it from the first.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} for too much metadata, too
   */
  public Volume create(
      VolumeName name, Optional<VolumeId> wanted, long quotaBytes, Map<String, String> metadata)
      throws FailureException {
    VolumeMetadata.require(metadata);
    requirePossible(quotaBytes);
    return maker.create(name, wanted, quotaBytes, metadata);
  }

  /**
   * Makes a volume that this node owns out of a snapshot of another one, its owner's or a
   * replica's, and mounts it as that left it.
   *
   * @param snapshot name of the snapshot; if empty, a fresh one at the owner, the latest of a
   *     replica
   * @param wanted as for {@link #create}
   * @param quotaBytes refquota, 0 is none; if empty, that of the source
   * @throws FailureException {@code DATASET_NOT_FOUND} if there is no such snapshot, {@code
   *     VOLUME_EXISTS}, {@code VOLUME_DESTROYED}, {@code MOUNTPOINT_OCCUPIED}, {@code
   *     QUOTA_TOO_SMALL}; after any failure nothing is left of it
   */
  public Volume cloneOf(
      VolumeId source,
      Optional<String> snapshot,
      VolumeName name,
      Optional<VolumeId> wanted,
      OptionalLong quotaBytes,
      Condition condition)
      throws FailureException {
    requirePossible(quotaBytes.orElse(0));
    return maker.cloneOf(source, snapshot, name, wanted, quotaBytes, condition);
  }

  /**
   * Changes a volume that this node owns, beside pushes of it.
   *
   * @throws FailureException {@code NOT_OWNER}, {@code QUOTA_TOO_SMALL}, or {@code
   *     MALFORMED_REQUEST} for too much metadata; nothing was changed then
   */
  public Volume change(VolumeId id, VolumeChange change, Condition condition)
      throws FailureException {
    Action action = Action.start(ActionType.VOLUME_CHANGE, Map.of("volume", id.toString()));
    return action.call(() -> {
      try (Lease _ = locks.share(id, "change")) {
        return catalog
            .snapshots()
            .decisions()
            .take(
                id,
                () ->
                    AllOrNothing.make(
                        undoable -> decideAndChange(id, change, condition, undoable)));
      }
    });
  }

  /**
   * Takes a snapshot named by flockerd.
   *
   * @throws FailureException {@code NOT_OWNER}: only the owner may
   */
  public Snapshot snapshot(VolumeId id, SnapshotPurpose purpose) throws FailureException {
    return snapshot(id, SnapshotName.fresh(purpose).toString(), Condition.NONE);
  }

  /**
   * Takes a snapshot of a name of the caller's own.
   *
   * @throws FailureException {@code NOT_OWNER}: only the owner may
   */
  public Snapshot snapshot(VolumeId id, String name, Condition condition) throws FailureException {
    try (Lease _ = locks.share(id, "snapshot")) {
      return catalog
          .snapshots()
          .decisions()
          .take(
              id,
              () -> {
                Volume volume = catalog.requireOwned(id);
                condition.check(volume);
                requireShort(volume, name);
                return catalog.snapshots().take(volume, name);
              });
    }
  }

  private static void requireShort(Volume volume, String snapshot) throws FailureException {
    int length = volume.dataset().name().length() + 1 + snapshot.length();
    if (length > MOST_CHARACTERS) {
      throw RequestFailure.MALFORMED_REQUEST.because(
          "the name %s@%s would have %d characters, ZFS allows %d"
              .formatted(volume.dataset().name(), snapshot, length, MOST_CHARACTERS));
    }
  }

  /**
   * Destroys a volume that this node owns, with all its snapshots. A tombstone keeps it from coming
   * back as the copy that somebody still has.
   *
   * @throws FailureException {@code NOT_OWNER}, {@code HAS_CHILDREN}, {@code HAS_CLONES}, {@code
   *     VOLUME_IN_USE} with the processes that use it
   */
  public void destroy(VolumeId id, Condition condition) throws FailureException {
    try (Lease _ = locks.own(id, "destroy")) {
      Volume volume = catalog.requireOwned(id);
      condition.check(volume);
      destroy(volume);
    }
  }

  /**
   * Destroys this node's copy of a volume that another node owns, or one that was set aside.
   *
   * @throws FailureException {@code OWNED_HERE} unless it is a replica
   */
  public void destroyReplica(VolumeId id, Condition condition) throws FailureException {
    try (Lease _ = locks.own(id, "destroy")) {
      Volume volume = catalog.require(id);
      if (volume.role() != Role.REPLICA && !volume.isSetAside()) {
        throw OwnershipFailure.OWNED_HERE.because("volume " + id + " is no replica here");
      }
      condition.check(volume);
      destroy(volume);
    }
  }

  /**
   * Makes the dataset's name follow the record. The caller has the volume alone. A name that cannot
   * be changed now is left, with a warning: volumes are found by their records.
   */
  public void repairName(Volume volume) throws FailureException {
    naming.follow(volume.dataset().name(), rightName(volume.owner(), volume.name()));
  }

  /**
   * The same for a volume that this node has just become the owner of.
   *
   * @param name what the volume is called by now
   */
  public void repairOwnName(Volume volume, VolumeName name) {
    naming.follow(volume.dataset().name(), rightName(home.node(), name));
  }

  /** Asks the pool anew which volumes it has. */
  void lookAround() throws FailureException {
    catalog.lookAround();
  }

  /** Repairs the names that a crash has left wrong. At the start, before anybody may call. */
  public void repairNames() throws FailureException {
    for (VolumeHead head : catalog.known()) {
      boolean isSettled = head.role() == Role.OWNER || head.role() == Role.REPLICA;
      if (isSettled && !head.dataset().equals(rightName(head.owner(), head.name()))) {
        Optional<Volume> volume = catalog.at(head.dataset());
        if (volume.isPresent() && !volume.get().dataset().isMounted()) {
          repairName(volume.get());
        }
      }
    }
  }

  private String rightName(NodeId owner, VolumeName name) {
    return new DatasetName(owner, name).in(storage.poolName());
  }

  /** What one has made of the metadata is what the next one changes. */
  private Volume decideAndChange(
      VolumeId id, VolumeChange change, Condition condition, AllOrNothing undoable)
      throws FailureException {
    Volume volume = catalog.requireOwned(id);
    condition.check(volume);
    Map<String, String> before = register.metadata(id);
    Map<String, String> metadata =
        change.metadata().map(changed -> changed.apply(before)).orElse(before);
    if (!metadata.equals(before)) {
      VolumeMetadata.require(metadata);
    }
    if (change.quotaBytes().isPresent()) {
      undoable.onFailure(() -> setBack(volume.dataset()));
      resize(volume, change.quotaBytes().getAsLong());
    }
    Volume changed = catalog.require(id);
    if (!metadata.equals(before)) {
      undoable.onFailure(() -> register.describe(id, before));
      register.describe(id, metadata);
    }
    catalog.events().changed(changed);
    return changed;
  }

  /** A quota that ZFS has refused is still what it was, set here or not. */
  private void setBack(Dataset before) throws FailureException {
    boolean isChanged =
        storage
            .dataset(before.name())
            .filter(now -> now.limitBytes() == before.limitBytes())
            .isEmpty();
    if (isChanged) {
      storage.setQuota(before.name(), before.quotaBytes());
    }
  }

  /** What was written a moment ago may not be counted yet; ZFS itself knows of it. */
  private void resize(Volume volume, long quotaBytes) throws FailureException {
    requirePossible(quotaBytes);
    long referenced = volume.dataset().referencedBytes();
    if (quotaBytes > 0 && quotaBytes < referenced) {
      throw tooSmall(volume, quotaBytes);
    }
    try {
      storage.setQuota(volume.dataset().name(), quotaBytes);
    } catch (FailureException e) {
      throw e.failure() == OwnershipFailure.QUOTA_TOO_SMALL
          ? tooSmall(catalog.require(volume.id()), quotaBytes).causedBy(e)
          : e;
    }
  }

  private static void requirePossible(long quotaBytes) throws FailureException {
    if (quotaBytes > VolumeProperties.MAX_QUOTA) {
      throw RequestFailure.MALFORMED_REQUEST.because(
          "a quota has %d bytes at most, not %d: leave it out, or say 0, for no limit"
              .formatted(VolumeProperties.MAX_QUOTA, quotaBytes));
    }
  }

  private static FailureException tooSmall(Volume volume, long quotaBytes) {
    long referenced = volume.dataset().referencedBytes();
    return OwnershipFailure.QUOTA_TOO_SMALL
        .because(volume.name() + " takes " + referenced + " bytes, " + quotaBytes + " are too few")
        .with("referencedBytes", referenced);
  }

  /**
   * Checks first what would keep the dataset, then takes it away from its users. Its destruction
   * comes last, since nothing undoes that.
   */
  private void destroy(Volume volume) throws FailureException {
    Action action =
        Action.start(
            ActionType.VOLUME_DESTROY,
            Map.of("volume", volume.id().toString(), "dataset", volume.dataset().name()));
    var _ =
        action.call(() -> {
          volume.requireChildless("would be destroyed with it");
          PeerCursors.Known known = cursors.known(volume.id());
          List<Release> releases =
              claims.releases(volume, volume.dataset().snapshots(), known.last());
          return AllOrNothing.make(change -> {
            forget(volume, change);
            unmounter.run(volume, change);
            claims.release(volume, releases, change);
            change.onFailure(() -> cursors.put(volume.id(), known));
            cursors.forget(volume.id());
            catalog.destroy(volume);
            return true;
          });
        });
    if (volume.role() == Role.OWNER) {
      // A copy is mounted nowhere: what is where its name says is somebody's.
      boolean _ = volume.dataset().mountpoint().map(MountFolder::removeIfEmpty).orElse(false);
    }
    catalog.events().destroyed(volume);
  }

  /** What was written about a copy here dates from when this node owned the volume. */
  private void forget(Volume volume, AllOrNothing change) throws FailureException {
    VolumeId id = volume.id();
    Map<String, String> metadata = register.metadata(id);
    if (volume.role() == Role.OWNER) {
      OptionalLong tombstone = register.tombstone(id);
      change.onFailure(() -> register.exhume(id, tombstone, metadata));
      register.bury(id, volume.epoch());
    } else if (!metadata.isEmpty()) {
      change.onFailure(() -> register.describe(id, metadata));
      register.describe(id, Map.of());
    }
  }
}
