package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.os.Holder;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.HolderSearch;
import io.flocker.core.storage.Storage;
import java.io.IOException;
import java.util.List;

/** Takes a volume away from its users, never by force. Any thread may call. */
final class Dismount {
  private final Storage storage;
  private final HolderSearch holders;

  Dismount(Storage storage, HolderSearch holders) {
    this.storage = storage;
    this.holders = holders;
  }

  /**
   * Unmounts what is mounted.
   *
   * @throws FailureException {@code VOLUME_IN_USE} with the processes that use it
   */
  void run(Dataset dataset) throws FailureException {
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
}
