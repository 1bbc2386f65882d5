package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.HolderSearch;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.VolumeLocks.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The volumes of this node and what its owner can do with them. Any thread may call; every method
 * blocks on ZFS. Methods take the volume's lock themselves unless they say otherwise.
 */
public final class Volumes {
  /** What containers run as is unknown: everybody may write, as in Flocker. */
  private static final String EVERYBODY = "rwxrwxrwx";

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;
  private final PeerCursors cursors;
  private final VolumeLocks locks;
  private final VolumeRegister register;
  private final Dismount dismount;

  /** What a clone is made of. */
  private record Base(Dataset origin, Snapshot snapshot) {}

  /** The volumes of {@code catalog} at {@code home}. */
  public Volumes(
      Storage storage,
      VolumeCatalog catalog,
      LocalNode home,
      PeerCursors cursors,
      VolumeLocks locks,
      VolumeRegister register,
      HolderSearch holders) {
    this.storage = storage;
    this.catalog = catalog;
    this.home = home;
    this.cursors = cursors;
    this.locks = locks;
    this.register = register;
    this.dismount = new Dismount(storage, holders);
  }

  /**
   * Makes an empty volume that this node owns, and mounts it writable for everybody.
   *
   * @param wanted its id; a fresh one if empty
   * @param quotaBytes refquota; 0 is none
   * @throws FailureException {@code VOLUME_EXISTS}, {@code VOLUME_DESTROYED}; after any failure
   *     nothing is left of it
   */
  public Volume create(VolumeName name, Optional<VolumeId> wanted, long quotaBytes)
      throws FailureException {
    VolumeId id = wanted.orElseGet(VolumeId::random);
    Action action =
        Action.start(
            ActionType.VOLUME_CREATE, Map.of("volume", id.toString(), "name", name.toString()));
    return action.call(
        () -> {
          try (Lease _ = locks.own(id, "create")) {
            requireNew(id);
            return furnish(
                catalog.add(
                    id,
                    name,
                    dataset -> storage.create(dataset, home.mountpoint(name), quotaBytes)));
          }
        });
  }

  /**
   * Makes a volume that this node owns out of a snapshot of another one, its owner's or a
   * replica's, and mounts it writable for everybody.
   *
   * @param snapshot name of the snapshot; if empty, a fresh one at the owner, the latest of a
   *     replica
   * @param wanted as for {@link #create}
   * @param quotaBytes refquota, 0 is none; if empty, that of the source
   * @throws FailureException {@code DATASET_NOT_FOUND} if there is no such snapshot, {@code
   *     VOLUME_EXISTS}, {@code VOLUME_DESTROYED}; after any failure nothing is left of it
   */
  public Volume cloneOf(
      VolumeId source,
      Optional<String> snapshot,
      VolumeName name,
      Optional<VolumeId> wanted,
      OptionalLong quotaBytes,
      Condition condition)
      throws FailureException {
    VolumeId id = wanted.orElseGet(VolumeId::random);
    Action action =
        Action.start(
            ActionType.VOLUME_CLONE,
            Map.of("volume", source.toString(), "clone", id.toString(), "name", name.toString()));
    return action.call(
        () -> {
          try (Lease _ = locks.share(source, "clone");
              Lease _ = locks.own(id, "clone")) {
            requireNew(id);
            Base base = catalog.decisions().take(source, () -> base(source, snapshot, condition));
            long quota = quotaBytes.orElse(base.origin().quotaBytes());
            String dataset = base.origin().name();
            String origin = base.snapshot().name();
            return furnish(
                catalog.add(
                    id, name, clone -> storage.cloneSnapshot(dataset, origin, clone, quota)));
          }
        });
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
    return action.call(
        () -> {
          try (Lease _ = locks.share(id, "change")) {
            return catalog.decisions().take(id, () -> decideAndChange(id, change, condition));
          }
        });
  }

  /**
   * Takes a snapshot named by flockerd.
   *
   * @throws FailureException {@code NOT_OWNER}: only the owner may
   */
  public Snapshot snapshot(VolumeId id, Purpose purpose) throws FailureException {
    return snapshot(id, fresh(purpose), Condition.NONE);
  }

  /**
   * Takes a snapshot of a name of the caller's own.
   *
   * @throws FailureException {@code NOT_OWNER}: only the owner may
   */
  public Snapshot snapshot(VolumeId id, String name, Condition condition) throws FailureException {
    try (Lease _ = locks.share(id, "snapshot")) {
      return catalog
          .decisions()
          .take(
              id,
              () -> {
                Volume volume = catalog.requireOwned(id);
                condition.check(volume);
                return catalog.snapshot(volume, name);
              });
    }
  }

  /** A name for a snapshot that is taken now. */
  public static String fresh(Purpose purpose) {
    return SnapshotName.fresh(Instant.now(), purpose).toString();
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
   * Destroys this node's copy of a volume that another node owns.
   *
   * @throws FailureException {@code OWNED_HERE} unless it is a replica
   */
  public void destroyReplica(VolumeId id, Condition condition) throws FailureException {
    try (Lease _ = locks.own(id, "destroy")) {
      Volume volume = catalog.require(id);
      if (volume.role() != Role.REPLICA) {
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
    String wanted = rightName(volume.owner(), volume.name());
    String present = volume.dataset().name();
    if (wanted.equals(present)) {
      return;
    }
    try {
      catalog.rename(volume, wanted);
    } catch (FailureException e) {
      Action.message(
          MessageType.VOLUME_NAME_LEFT,
          Map.of("dataset", present, "wanted", wanted, "reason", e.detail()));
    }
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
  private Volume decideAndChange(VolumeId id, VolumeChange change, Condition condition)
      throws FailureException {
    Volume volume = catalog.requireOwned(id);
    condition.check(volume);
    Map<String, String> before = register.metadata(id);
    Map<String, String> metadata =
        change.metadata().map(changed -> changed.apply(before)).orElse(before);
    requireFew(metadata);
    if (change.quotaBytes().isPresent()) {
      resize(volume, change.quotaBytes().getAsLong());
    }
    if (!metadata.equals(before)) {
      register.describe(id, metadata);
    }
    Volume changed = catalog.require(id);
    catalog.events().changed(changed);
    return changed;
  }

  /** What was written a moment ago may not be counted yet; ZFS itself knows of it. */
  private void resize(Volume volume, long quotaBytes) throws FailureException {
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

  private static FailureException tooSmall(Volume volume, long quotaBytes) {
    long referenced = volume.dataset().referencedBytes();
    return OwnershipFailure.QUOTA_TOO_SMALL
        .because(volume.name() + " takes " + referenced + " bytes, " + quotaBytes + " are too few")
        .with("referencedBytes", referenced);
  }

  private static void requireFew(Map<String, String> metadata) throws FailureException {
    if (metadata.size() > VolumeRegister.MAX_ENTRIES) {
      throw RequestFailure.MALFORMED_REQUEST.because(
          "the metadata would have "
              + metadata.size()
              + " entries, there may be "
              + VolumeRegister.MAX_ENTRIES);
    }
  }

  private void requireNew(VolumeId id) throws FailureException {
    if (register.tombstone(id).isPresent()) {
      throw OwnershipFailure.VOLUME_DESTROYED.because("volume " + id + " was destroyed here");
    }
  }

  private Base base(VolumeId source, Optional<String> wanted, Condition condition)
      throws FailureException {
    Volume origin = catalog.requireReadable(source);
    condition.check(origin);
    return new Base(origin.dataset(), base(origin, wanted));
  }

  private Snapshot base(Volume origin, Optional<String> wanted) throws FailureException {
    if (wanted.isPresent()) {
      return origin.requireSnapshot(wanted.get());
    }
    return origin.role() == Role.OWNER
        ? catalog.snapshot(origin, fresh(Purpose.MANUAL))
        : origin
            .dataset()
            .latest()
            .orElseThrow(
                () ->
                    StorageFailure.DATASET_NOT_FOUND.because(
                        "volume " + origin.id() + " has no snapshot here"));
  }

  /** Before it is unmounted: clones would keep it all the same. */
  private void requireNoClones(Volume volume) throws FailureException {
    List<String> clones = catalog.clonesOf(volume.dataset(), volume.dataset().snapshots());
    if (!clones.isEmpty()) {
      throw OwnershipFailure.HAS_CLONES
          .because("datasets are clones of snapshots of " + volume.dataset().name())
          .with("clones", clones);
    }
  }

  private Volume furnish(Volume volume) throws FailureException {
    Path mountpoint = home.mountpoint(volume.name());
    try {
      storage.mountWritable(volume.dataset().name(), mountpoint);
      var _ = Files.setPosixFilePermissions(mountpoint, PosixFilePermissions.fromString(EVERYBODY));
      Volume furnished = catalog.require(volume.id());
      catalog.events().created(furnished);
      return furnished;
    } catch (FailureException e) {
      throw undone(volume, e);
    } catch (IOException e) {
      throw undone(
          volume,
          RequestFailure.INTERNAL_ERROR
              .because("cannot open " + mountpoint + " for everybody: " + e)
              .causedBy(e));
    }
  }

  /** Takes the empty dataset away again, so that the same create can be tried again. */
  private FailureException undone(Volume volume, FailureException cause) {
    try {
      storage.unmount(volume.dataset().name());
      catalog.destroy(volume);
    } catch (FailureException e) {
      cause.addSuppressed(e);
    }
    return cause;
  }

  private void destroy(Volume volume) throws FailureException {
    Action action =
        Action.start(
            ActionType.VOLUME_DESTROY,
            Map.of("volume", volume.id().toString(), "dataset", volume.dataset().name()));
    var _ =
        action.call(
            () -> {
              if (volume.dataset().hasChildren()) {
                throw OwnershipFailure.HAS_CHILDREN.because(
                    "other datasets live below " + volume.dataset().name());
              }
              requireNoClones(volume);
              dismount.run(volume.dataset());
              releaseForPeers(volume);
              if (volume.role() == Role.OWNER) {
                register.bury(volume.id(), volume.epoch());
              }
              catalog.destroy(volume);
              cursors.replace(volume.id(), Map.of());
              catalog.events().destroyed(volume);
              return true;
            });
  }

  /** The bases that were kept for the next increment to each peer that has a copy. */
  private void releaseForPeers(Volume volume) throws FailureException {
    for (Map.Entry<NodeId, Guid> cursor : cursors.of(volume.id()).entrySet()) {
      Optional<Snapshot> base = volume.dataset().snapshot(cursor.getValue());
      if (base.isPresent()) {
        String tag = new Hold.Peer(cursor.getKey()).tag();
        storage.release(volume.dataset().name(), base.get().name(), tag);
      }
    }
  }
}
