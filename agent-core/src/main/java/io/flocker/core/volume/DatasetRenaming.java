package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import java.util.Map;

/**
 * Makes the names of datasets follow what is on record of them. One that cannot be changed now is
 * left, with a warning: volumes are found by their records. Any thread may call, having the volume
 * alone.
 */
final class DatasetRenaming {
  private final VolumeCatalog catalog;

  DatasetRenaming(VolumeCatalog catalog) {
    this.catalog = catalog;
  }

  /** Renames the dataset {@code present} unless it is named so. */
  void follow(String present, String wanted) {
    if (wanted.equals(present)) {
      return;
    }
    try {
      catalog.rename(present, wanted);
    } catch (FailureException | RuntimeException e) {
      Action.message(
          MessageType.VOLUME_NAME_LEFT,
          Map.of("dataset", present, "wanted", wanted, "reason", String.valueOf(e.getMessage())));
    }
  }
}
