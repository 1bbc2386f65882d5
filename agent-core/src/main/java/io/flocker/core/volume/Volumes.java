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
import io.flocker.core.storage.Holder;
import io.flocker.core.storage.HolderSearch;
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

/**
 * The volumes of this node and what its owner can do with them. Any thread may call; every method
 * blocks on ZFS. Methods take the volume's lock themselves unless they say otherwise.
 */
public final class Volumes {
  /** What containers run as is unknown: everybody may write, as in Flocker. */
  private static final String EVERYBODY = "rwxrwxrwx";

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final Home home;
  private final PeerCursors cursors;
  private final VolumeLocks locks;
  private final HolderSearch holders;

  /** The volumes of {@code catalog} at {@code home}. */
  public Volumes(
      Storage storage,
      VolumeCatalog catalog,
      Home home,
      PeerCursors cursors,
      VolumeLocks locks,
      HolderSearch holders) {
    this.storage = storage;
    this.catalog = catalog;
    this.home = home;
    this.cursors = cursors;
    this.locks = locks;
    this.holders = holders;
  }

  /**
   * Makes an empty volume that this node owns, and mounts it writable for everybody.
   *
   * @param wanted its id; a fresh one if empty
   * @param quotaBytes refquota; 0 is none
   * @throws FailureException {@code VOLUME_EXISTS}; after any failure nothing is left of it
   */
  public Volume create(VolumeName name, Optional<VolumeId> wanted, long quotaBytes)
      throws FailureException {
    VolumeId id = wanted.orElseGet(VolumeId::random);
    Action action =
        Action.start(
            ActionType.VOLUME_CREATE, Map.of("volume", id.toString(), "name", name.toString()));
    return action.call(() -> {
      try (Lease _ = locks.own(id, "create")) {
        return furnish(catalog.add(id, name, home, quotaBytes));
      }
    });
  }

  /**
   * Takes a snapshot named by flockerd.
   *
   * @throws FailureException {@code NOT_OWNER}: only the owner may
   */
  public Snapshot snapshot(VolumeId id, Purpose purpose) throws FailureException {
    return snapshot(id, SnapshotName.fresh(Instant.now(), purpose).toString());
  }

  /**
   * Takes a snapshot of a name of the caller's own.
   *
   * @throws FailureException {@code NOT_OWNER}: only the owner may
   */
  public Snapshot snapshot(VolumeId id, String name) throws FailureException {
    try (Lease _ = locks.share(id, "snapshot")) {
      return storage.snapshot(catalog.requireOwned(id).dataset().name(), name);
    }
  }

  /**
   * Destroys a volume that this node owns, with all its snapshots.
   *
   * @throws FailureException {@code NOT_OWNER}, {@code HAS_CHILDREN}, {@code VOLUME_IN_USE} with
   *     the processes that use it
   */
  public void destroy(VolumeId id) throws FailureException {
    try (Lease _ = locks.own(id, "destroy")) {
      destroy(catalog.requireOwned(id));
    }
  }

  /**
   * Destroys this node's copy of a volume that another node owns.
   *
   * @throws FailureException {@code OWNED_HERE} unless it is a replica
   */
  public void destroyReplica(VolumeId id) throws FailureException {
    try (Lease _ = locks.own(id, "destroy")) {
      Volume volume = catalog.require(id);
      if (volume.role() != Role.REPLICA) {
        throw OwnershipFailure.OWNED_HERE.because("volume " + id + " is no replica here");
      }
      destroy(volume);
    }
  }

  /**
   * Makes the dataset's name follow the record. The caller has the volume alone. A name that cannot
   * be changed now is left, with a warning: volumes are found by their records.
   */
  public void repairName(Volume volume) throws FailureException {
    String wanted = new DatasetName(volume.owner(), volume.name()).in(storage.pool().name());
    String present = volume.dataset().name();
    if (wanted.equals(present)) {
      return;
    }
    try {
      storage.rename(present, wanted);
    } catch (FailureException e) {
      Action.message(
          MessageType.VOLUME_NAME_LEFT,
          Map.of("dataset", present, "wanted", wanted, "reason", e.detail()));
    }
  }

  /** Repairs the names that a crash has left wrong. At the start, before anybody may call. */
  public void repairNames() throws FailureException {
    for (Volume volume : catalog.list()) {
      boolean isSettled = volume.role() == Role.OWNER || volume.role() == Role.REPLICA;
      if (isSettled && !volume.dataset().isMounted()) {
        repairName(volume);
      }
    }
  }

  private Volume furnish(Volume volume) throws FailureException {
    Path mountpoint = home.mountpoint(volume.name());
    try {
      storage.mountWritable(volume.dataset().name(), mountpoint);
      var _ = Files.setPosixFilePermissions(mountpoint, PosixFilePermissions.fromString(EVERYBODY));
      return catalog.require(volume.id());
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
      storage.destroy(volume.dataset().name());
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
        action.call(() -> {
          if (volume.dataset().hasChildren()) {
            throw OwnershipFailure.HAS_CHILDREN.because(
                "other datasets live below " + volume.dataset().name());
          }
          unmount(volume.dataset());
          releaseForPeers(volume);
          storage.destroy(volume.dataset().name());
          cursors.replace(volume.id(), Map.of());
          return true;
        });
  }

  private void unmount(Dataset dataset) throws FailureException {
    if (!dataset.isMounted() || dataset.mountpoint().isEmpty()) {
      return;
    }
    long device = storage.device(dataset.mountpoint().get());
    try {
      storage.unmount(dataset.name());
    } catch (FailureException e) {
      throw e.failure() == StorageFailure.DATASET_BUSY ? inUse(dataset, device).causedBy(e) : e;
    }
  }

  private FailureException inUse(Dataset dataset, long device) {
    FailureException inUse =
        OwnershipFailure.VOLUME_IN_USE.because(dataset.name() + " cannot be unmounted");
    try {
      List<Holder> found = holders.holders(device);
      return inUse.with("holders", found);
    } catch (IOException e) {
      inUse.addSuppressed(e);
      return inUse;
    }
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
