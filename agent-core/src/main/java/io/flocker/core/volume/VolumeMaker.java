package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.VolumeLocks.Lease;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes the volumes of this node, empty or out of snapshots: {@link Volumes#create} and {@link
 * Volumes#cloneOf}. Any thread may call; every method blocks on ZFS.
 */
final class VolumeMaker {
  /** More than an empty file system takes, of whatever block size. */
  private static final long LEAST_QUOTA = 1 << 20;

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;
  private final VolumeRegister register;
  private final VolumeLocks locks;
  private final Clearance clearance;

  /** What a clone is made of. */
  private record Base(Dataset origin, Snapshot snapshot) {}

  VolumeMaker(
      Storage storage,
      VolumeCatalog catalog,
      LocalNode home,
      VolumeRegister register,
      VolumeLocks locks,
      Clearance clearance) {
    this.storage = storage;
    this.catalog = catalog;
    this.home = home;
    this.register = register;
    this.locks = locks;
    this.clearance = clearance;
  }

  Volume create(
      VolumeName name, Optional<VolumeId> wanted, long quotaBytes, Map<String, String> metadata)
      throws FailureException {
    VolumeId id = wanted.orElseGet(VolumeId::random);
    Action action =
        Action.start(
            ActionType.VOLUME_CREATE, Map.of("volume", id.toString(), "name", name.toString()));
    return action.call(() -> {
      try (Lease _ = locks.own(id, "create")) {
        requireNew(id, wanted.isPresent(), name);
        return AllOrNothing.make(change -> {
          Volume volume =
              catalog
                  .newVolumes()
                  .add(
                      id,
                      wanted.isEmpty(),
                      name,
                      dataset ->
                          makeWithin(
                              quotaBytes,
                              0,
                              () -> storage.create(dataset, home.mountpoint(name), quotaBytes)));
          if (!metadata.isEmpty()) {
            change.onFailure(() -> register.describe(id, Map.of()));
            register.describe(id, metadata);
          }
          Path mountpoint = mount(volume, change);
          MountFolder.permit(mountpoint, home.mode());
          return furnished(volume);
        });
      }
    });
  }

  Volume cloneOf(
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
    return action.call(() -> {
      try (Lease _ = locks.share(source, "clone");
          Lease _ = locks.own(id, "clone")) {
        requireNew(id, wanted.isPresent(), name);
        return AllOrNothing.make(change -> {
          Base base =
              catalog
                  .snapshots()
                  .decisions()
                  .take(source, () -> base(source, snapshot, condition, change));
          long quota = quotaBytes.orElse(base.origin().limitBytes());
          String dataset = base.origin().name();
          String origin = base.snapshot().name();
          Volume volume =
              catalog
                  .newVolumes()
                  .add(
                      id,
                      wanted.isEmpty(),
                      name,
                      clone ->
                          makeWithin(
                              quota,
                              base.origin().referencedBytes(),
                              () -> storage.cloneSnapshot(dataset, origin, clone, quota)));
          var _ = mount(volume, change);
          return furnished(volume);
        });
      }
    });
  }

  /**
   * Makes sure, before anything is changed, that there can be such a volume.
   *
   * @param isGiven whether somebody chose the id, and peers may know it already
   */
  private void requireNew(VolumeId id, boolean isGiven, VolumeName name) throws FailureException {
    if (register.tombstone(id).isPresent()) {
      throw OwnershipFailure.VOLUME_DESTROYED.because("volume " + id + " was destroyed here");
    }
    catalog.requireUnknown(id, name);
    MountFolder.requireFree(home.node(), home.mountpoint(name));
    if (isGiven) {
      clearance.requireUnknown(id);
    }
  }

  /**
   * Makes a dataset. Where the quota is too small even for what is there from the first, ZFS says
   * only that there is no space; this says which quota would do.
   *
   * @param contentBytes what is there from the first, beside the file system itself
   */
  private void makeWithin(long quotaBytes, long contentBytes, AllOrNothing.Step making)
      throws FailureException {
    try {
      making.run();
    } catch (FailureException e) {
      boolean isFull =
          e.failure() == StorageFailure.NO_SPACE || e.failure() == StorageFailure.QUOTA_EXCEEDED;
      long least = contentBytes + LEAST_QUOTA;
      if (!isFull || quotaBytes == 0 || quotaBytes >= least || storage.freeBytes() < least) {
        throw e;
      }
      throw OwnershipFailure.QUOTA_TOO_SMALL
          .because(
              "the volume itself would take more than %d bytes: ask for %d or more"
                  .formatted(quotaBytes, least))
          .with("leastQuotaBytes", least)
          .causedBy(e);
    }
  }

  private Base base(
      VolumeId source, Optional<String> wanted, Condition condition, AllOrNothing change)
      throws FailureException {
    Volume origin = catalog.requireReadable(source);
    condition.check(origin);
    return new Base(origin.dataset(), base(origin, wanted, change));
  }

  private Snapshot base(Volume origin, Optional<String> wanted, AllOrNothing change)
      throws FailureException {
    if (wanted.isPresent()) {
      return origin.requireSnapshot(wanted.get());
    }
    return origin.role() == Role.OWNER
        ? snapshotNow(origin, change)
        : origin
            .dataset()
            .latest()
            .orElseThrow(() ->
                StorageFailure.DATASET_NOT_FOUND.because(
                    "volume " + origin.id() + " has no snapshot here"));
  }

  private Snapshot snapshotNow(Volume origin, AllOrNothing change) throws FailureException {
    String name = SnapshotName.fresh(SnapshotPurpose.MANUAL).toString();
    change.onFailure(() -> {
      Optional<Snapshot> taken =
          storage.dataset(origin.dataset().name()).flatMap(dataset -> dataset.snapshot(name));
      if (taken.isPresent()) {
        catalog.snapshots().destroy(origin, taken.get());
      }
    });
    return catalog.snapshots().take(origin, name);
  }

  private Path mount(Volume volume, AllOrNothing change) throws FailureException {
    Path mountpoint = home.mountpoint(volume.name());
    boolean isOurs = !MountFolder.exists(mountpoint);
    change.onFailure(() -> takeAway(volume, isOurs));
    catalog.records().mountWritable(volume.id(), volume.dataset().name(), mountpoint);
    return mountpoint;
  }

  /** Tells of what was made. */
  private Volume furnished(Volume volume) throws FailureException {
    Volume furnished = catalog.require(volume.id());
    catalog.events().created(furnished);
    clearance.owned(volume.id());
    return furnished;
  }

  /**
   * Takes the empty dataset and its folder away, so that the same create can be tried again.
   *
   * @param isOurs whether the folder was not there before
   */
  private void takeAway(Volume volume, boolean isOurs) throws FailureException {
    storage.unmount(volume.dataset().name());
    catalog.destroy(volume);
    if (isOurs) {
      boolean _ = MountFolder.removeIfEmpty(home.mountpoint(volume.name()));
    }
  }
}
