package io.flocker.core.failure;

/** What ZFS refused, or why it could not be asked. */
public enum StorageFailure implements Failure {
  ZFS_UNAVAILABLE(
      503,
      Side.NODE,
      Retry.LATER,
      "ZFS does not answer",
      "Check that zfs is installed, its module loaded or its daemon running."),
  POOL_UNAVAILABLE(
      503,
      Side.NODE,
      Retry.LATER,
      "The node's pool is not there",
      "Import it (zpool import), or see to its devices (zpool status); its volumes are mounted"
          + " again by themselves."),
  ZFS_TIMEOUT(
      503,
      Side.NODE,
      Retry.LATER,
      "ZFS did not answer in time",
      "Look for stuck zfs processes and the pool's health."),
  ZFS_FAILED(
      500,
      Side.NODE,
      Retry.NEVER,
      "ZFS refused",
      "The problem holds the words of ZFS, the node's log the command."),
  ZFS_OUTPUT_UNREADABLE(
      500,
      Side.NODE,
      Retry.NEVER,
      "ZFS printed something that cannot be read",
      "Report the ZFS version and the output."),
  DATASET_NOT_FOUND(
      404,
      Side.NODE,
      Retry.RE_PLAN,
      "There is no such dataset or snapshot",
      "Ask again what is there."),
  DATASET_EXISTS(
      409,
      Side.NODE,
      Retry.RE_PLAN,
      "There is a dataset or snapshot of that name",
      "Ask again what is there."),
  DATASET_BUSY(409, Side.NODE, Retry.LATER, "The dataset is busy", "Wait, or stop what uses it."),
  SNAPSHOT_HELD(
      409,
      Side.NODE,
      Retry.LATER,
      "The snapshot is held",
      "Release the hold first, as the detail says."),
  NO_SPACE(
      507,
      Side.RECEIVER,
      Retry.LATER,
      "The pool is full",
      "Free space or grow the pool; nothing that was there is lost."),
  QUOTA_EXCEEDED(
      507,
      Side.RECEIVER,
      Retry.LATER,
      "The quota is used up",
      "Raise the quota; nothing that was there is lost."),
  MOUNTPOINT_UNUSABLE(
      500,
      Side.NODE,
      Retry.LATER,
      "The folder of a volume cannot be used",
      "Look at the node's mount root: it may be no folder, full or read-only."),
  MOUNT_SILENT(
      503,
      Side.NODE,
      Retry.LATER,
      "A mounted file system does not answer",
      "See to ZFS on that node: a zfs-fuse that was stopped or hangs, processes in state D, the"
          + " pool's devices. What waits for it goes on once it answers."),
  KEY_UNAVAILABLE(
      409,
      Side.NODE,
      Retry.NEVER,
      "The encryption key is not loaded or does not match",
      "Load the key."),
  RAW_CHAIN_BROKEN(
      409,
      Side.RECEIVER,
      Retry.NEVER,
      "Raw and plain increments cannot be mixed",
      "Start a new chain with a full stream."),
  COPY_KEY_CHANGED(
      409,
      Side.RECEIVER,
      Retry.NEVER,
      "The key of the copy was changed there",
      "Give the copy a key of its own by 'zfs change-key', on the node that has it."),
  LARGE_BLOCKS_CHANGED(
      409,
      Side.SENDER,
      Retry.RE_PLAN,
      "Large blocks must be sent as they were before",
      "Plan anew with -L as in the first send."),
  POOL_FEATURE_MISSING(
      409,
      Side.RECEIVER,
      Retry.NEVER,
      "The pool lacks a feature that the stream needs",
      "Upgrade the pool."),
  RESUME_TOKEN_CORRUPT(
      422,
      Side.RECEIVER,
      Retry.RE_PLAN,
      "The resume token cannot be read",
      "The saved state is dropped; plan anew."),
  RESUME_IMPOSSIBLE(
      409,
      Side.SENDER,
      Retry.RE_PLAN,
      "What the resume token names is gone",
      "The saved state is dropped; plan anew."),
  PERMISSION_DENIED(
      403,
      Side.NODE,
      Retry.NEVER,
      "ZFS denied permission",
      "Run flockerd as root, or delegate the permission.");

  private final Traits traits;

  StorageFailure(int status, Side side, Retry retry, String title, String remedy) {
    this.traits = new Traits(status, side, retry, title, remedy);
  }

  @Override
  public Traits traits() {
    return traits;
  }
}
