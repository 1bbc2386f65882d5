package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.os.FileSystem;
import io.flocker.core.os.SilentFileSystemException;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.MountFolder;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeInUse;
import io.flocker.core.volume.VolumeMounter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Takes a volume away from everybody who could write it. Blocking; the caller holds the volume's
 * exclusive lock.
 *
 * <p>The dataset is unmounted before it is made read-only: a handoff that fails because somebody
 * still writes must not have taken a single write from them, and on zfs-fuse {@code readonly=on}
 * under an open descriptor lies anyway. Processes are looked for twice: before the unmount, since a
 * mount in another namespace would keep zfs-fuse from ever mounting the dataset again here; and
 * after it, since only then nobody can come anew.
 */
final class Quiesce {
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeUsers users;
  private final VolumeMounter mounter;

  Quiesce(Storage storage, VolumeCatalog catalog, VolumeUsers users, VolumeMounter mounter) {
    this.catalog = catalog;
    this.storage = storage;
    this.users = users;
    this.mounter = mounter;
  }

  /**
   * Leaves the dataset unmounted and read-only, with no process that could write it. After any
   * failure the dataset may be unmounted: see {@link #undo}.
   *
   * @throws FailureException {@code VOLUME_IN_USE} with the {@code holders}
   */
  void run(Volume volume, Path mountpoint) throws Exception {
    Action.start(ActionType.HANDOFF_QUIESCE, Map.of("dataset", volume.dataset().name()))
        .call(() -> {
          quiesce(volume, mountpoint);
          return null;
        });
  }

  /** Gives the volume back to its users, where a handoff was given up before its commit. */
  void undo(Volume volume, Path mountpoint) throws FailureException {
    mounter.mountAgain(volume, mountpoint);
  }

  private void quiesce(Volume volume, Path mountpoint) throws FailureException {
    Dataset dataset = volume.dataset();
    // Also where it is mounted already: a dataset that was never mounted since its import has an
    // intent log that no snapshot would hold.
    catalog.records().mountWritable(volume.id(), dataset.name(), mountpoint);
    FileSystem unmounted = read(mountpoint, () -> users.mountedAt(mountpoint));
    VolumeInUse.refuse(dataset, read(mountpoint, () -> users.beyond(mountpoint)));
    unmount(volume, mountpoint);
    VolumeInUse.refuse(dataset, read(mountpoint, () -> users.of(unmounted)));
    storage.setReadonly(dataset.name(), true);
    if (!storage.dataset(dataset.name()).map(Dataset::isReadonly).orElse(false)) {
      throw StorageFailure.ZFS_FAILED.because(
          dataset.name() + " is not read-only although it was set to be");
    }
  }

  private void unmount(Volume volume, Path mountpoint) throws FailureException {
    try {
      mounter.unmount(volume, mountpoint);
    } catch (FailureException e) {
      if (e.failure() == StorageFailure.DATASET_BUSY) {
        VolumeInUse.refuse(volume.dataset(), read(mountpoint, () -> users.beyond(mountpoint)));
      }
      throw e;
    }
  }

  private interface Reading<T> {
    T run() throws IOException;
  }

  private static <T> T read(Path mountpoint, Reading<T> reading) throws FailureException {
    try {
      return reading.run();
    } catch (SilentFileSystemException | InterruptedIOException e) {
      throw MountFolder.unusable(mountpoint, "cannot find the users of " + mountpoint, e);
    } catch (IOException e) {
      throw RequestFailure.INTERNAL_ERROR
          .because("/proc cannot be searched for users of the volume: " + e.getMessage())
          .causedBy(e);
    }
  }
}
