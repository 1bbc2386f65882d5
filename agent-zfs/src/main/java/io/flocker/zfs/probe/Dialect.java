package io.flocker.zfs.probe;

import io.flocker.core.storage.Capabilities;

/**
 * How this node's ZFS has to be spoken to.
 *
 * @param capabilities what others may know of it
 * @param hasTypedGet whether {@code zfs get -t} chooses between datasets and snapshots
 * @param hasResumeToken whether the property {@code receive_resume_token} exists
 * @param hasTemporaryMount whether {@code zfs mount -o rw} overrides {@code readonly=on} until the
 *     unmount; zfs-fuse takes the option, says rw, and refuses every write
 * @param hasCleanRanges whether the holds of a {@code zfs send -I} end with its process; zfs-fuse
 *     keeps them when that is killed
 */
public record Dialect(
    Capabilities capabilities,
    boolean hasTypedGet,
    boolean hasResumeToken,
    boolean hasTemporaryMount,
    boolean hasCleanRanges) {
  /**
   * Whether what a command has begun ends with it. zfs-fuse is a process of its own, and goes on
   * for a moment with what it was told by one that was killed.
   */
  public boolean endsWithItsCommand() {
    return hasCleanRanges;
  }
}
