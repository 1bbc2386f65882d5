package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
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

  VolumeUnmounter(Storage storage, HolderSearch holders) {
    this.storage = storage;
    this.holders = holders;
  }

  /**
   * Unmounts what is mounted; where the change fails, it is mounted again as it was.
   *
   * @throws FailureException {@code VOLUME_IN_USE} with the processes that use it
   */
  void run(Dataset dataset, AllOrNothing change) throws FailureException {
    if (!dataset.isMounted() || dataset.mountpoint().isEmpty()) {
      return;
    }
    Path mountpoint = dataset.mountpoint().get();
    change.onFailure(() -> undo(dataset));
    try {
      storage.unmount(dataset.name());
    } catch (FailureException e) {
      throw e.failure() == StorageFailure.DATASET_BUSY ? inUse(dataset, mountpoint).causedBy(e) : e;
    }
  }

  /** Mounts a dataset again as it was when it was read; one that was not mounted then stays so. */
  void undo(Dataset before) throws FailureException {
    if (!before.isMounted() || before.mountpoint().isEmpty()) {
      return;
    }
    if (before.isReadonly()) {
      storage.mountReadonly(before.name());
    } else {
      storage.mountWritable(before.name(), before.mountpoint().get());
    }
  }

  private FailureException inUse(Dataset dataset, Path mountpoint) {
    FailureException inUse =
        OwnershipFailure.VOLUME_IN_USE.because(dataset.name() + " cannot be unmounted");
    try {
      List<Holder> found = holders.holders(mountpoint);
      return inUse.with("holders", found);
    } catch (IOException e) {
      inUse.addSuppressed(e);
      return inUse;
    }
  }
}
