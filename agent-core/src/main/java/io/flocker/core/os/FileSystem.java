package io.flocker.core.os;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A mounted file system, to be recognised once it is unmounted.
 *
 * <p>The device number alone does not do: the kernel gives the number of one that is gone to the
 * next that is mounted, in any container.
 *
 * @param device as {@link FileStatus#device} has it
 * @param source its type and what it was mounted from, such as {@code zfs pool/dataset}
 */
public record FileSystem(long device, String source) {
  /** What is mounted at {@code path}; empty if nothing is. */
  public static Optional<FileSystem> find(Path path) throws IOException {
    return MountTable.ofSelf()
        .at(path)
        .map(mount -> new FileSystem(mount.device(), mount.source()));
  }

  /**
   * What is mounted at {@code mountpoint}.
   *
   * @throws IOException also if nothing is
   */
  public static FileSystem at(Path mountpoint) throws IOException {
    MountLine mount = MountTable.ofSelf().require(mountpoint);
    return new FileSystem(mount.device(), mount.source());
  }
}
