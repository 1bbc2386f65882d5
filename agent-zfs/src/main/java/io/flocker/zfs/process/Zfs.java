package io.flocker.zfs.process;

import io.flocker.core.failure.StorageFailure;
import io.flocker.core.log.ActionType;
import io.flocker.core.process.Asked;

/** Tells {@link io.flocker.core.process.Commands} that it is ZFS whom they ask. */
public final class Zfs {
  /** Its name for people, and what it means where it does not answer. */
  public static final Asked ASKED =
      new Asked(
          "ZFS",
          ActionType.ZFS,
          StorageFailure.ZFS_UNAVAILABLE,
          StorageFailure.ZFS_TIMEOUT,
          StorageFailure.ZFS_OUTPUT_UNREADABLE);

  private Zfs() {}
}
