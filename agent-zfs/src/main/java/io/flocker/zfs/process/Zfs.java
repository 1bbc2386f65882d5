package io.flocker.zfs.process;

import io.flocker.core.failure.StorageFailure;
import io.flocker.core.log.ActionType;
import io.flocker.core.process.Asked;

/** ZFS as one whom commands ask. */
public final class Zfs {
  /** Its name and its failures. */
  public static final Asked ASKED =
      new Asked(
          "ZFS",
          ActionType.ZFS,
          StorageFailure.ZFS_UNAVAILABLE,
          StorageFailure.ZFS_TIMEOUT,
          StorageFailure.ZFS_OUTPUT_UNREADABLE);

  private Zfs() {}
}
