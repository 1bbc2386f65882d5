package io.flocker.zfs;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where ZFS is and how long it may take.
 *
 * @param zfs the {@code zfs} program
 * @param zpool the {@code zpool} program
 * @param pool name of the pool that the volumes live in
 * @param commandLimit how many commands may run at once
 * @param deadline for a command that only asks or sets
 * @param longDeadline for one that may work on much data: create, mount, unmount, rename, destroy
 * @param renameGrace how long a rename is tried again while the dataset is busy
 */
public record ZfsSettings(
    Path zfs,
    Path zpool,
    String pool,
    int commandLimit,
    Duration deadline,
    Duration longDeadline,
    Duration renameGrace) {
  /** What suits a node with a pool of that name. */
  public static ZfsSettings ofPool(String pool) {
    return new ZfsSettings(
        Path.of("/sbin/zfs"),
        Path.of("/sbin/zpool"),
        pool,
        16,
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofSeconds(10));
  }
}
