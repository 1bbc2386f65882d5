package io.flocker.core.os;

import java.io.IOException;

/** Counts what this process sees mounted, without asking any file system. */
public final class MountCount {
  private MountCount() {}

  /**
   * How many mounts there are of datasets below {@code pool}.
   *
   * @param pool name of a ZFS pool
   */
  public static long ofPool(String pool) throws IOException {
    return MountTable.ofSelf().mounts().stream()
        .map(MountLine::source)
        .filter(source ->
            source.startsWith("zfs " + pool + "/") || source.startsWith("fuse.zfs " + pool + "/"))
        .count();
  }
}
