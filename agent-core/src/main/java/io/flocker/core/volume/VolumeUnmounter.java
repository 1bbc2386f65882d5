package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.os.Holder;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.HolderSearch;
import io.flocker.core.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Takes a volume away from its users, never by force. Any thread may call. */
final class VolumeUnmounter {
  private final Storage storage;
  private final HolderSearch holders;
  private final VolumeMounter mounter;

  VolumeUnmounter(Storage storage, HolderSearch holders, VolumeMounter mounter) {
    this.storage = storage;
    this.holders = holders;
    this.mounter = mounter;
  }

  /**
   * Unmounts what is mounted; where the change fails, it is mounted again as it was.
   *
   * @throws FailureException {@code VOLUME_IN_USE} with the processes that use it, {@code
   *     DATASET_BUSY} where none is found
   */
  void run(Volume volume, AllOrNothing change) throws FailureException {
    Dataset dataset = volume.dataset();
    if (!dataset.isMounted() || dataset.mountpoint().isEmpty()) {
      return;
    }
    Path mountpoint = dataset.mountpoint().get();
    change.onFailure(() -> undo(volume));
    try {
      mounter.unmount(volume, mountpoint);
    } catch (FailureException e) {
      if (e.failure() == StorageFailure.DATASET_BUSY) {
        VolumeInUse.refuse(dataset, holders(mountpoint, e));
      }
      throw e;
    }
  }

  /**
   * Mounts a volume again as it was when it was read; one that was not mounted then stays so. What
   * this node owns and cannot mount now is mounted later.
   */
  void undo(Volume volume) throws FailureException {
    Dataset before = volume.dataset();
    if (!before.isMounted() || before.mountpoint().isEmpty()) {
      return;
    }
    if (before.isReadonly()) {
      storage.mountReadonly(before.name());
    } else {
      mounter.mountAgain(volume, before.mountpoint().get());
    }
  }

  private List<Holder> holders(Path mountpoint, FailureException busy) {
    try {
      return holders.holders(mountpoint);
    } catch (IOException e) {
      busy.addSuppressed(e);
      return List.of();
    }
  }
}
