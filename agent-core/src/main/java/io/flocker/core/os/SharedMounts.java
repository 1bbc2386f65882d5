package io.flocker.core.os;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which mounts of this process others see. Asks the kernel's table only, never a file system. Any
 * thread may call.
 */
public final class SharedMounts {
  private SharedMounts() {}

  /**
   * Whether what is mounted somewhere below {@code folder} is passed on to other mount namespaces:
   * whether the mount that holds the folder is shared (mount_namespaces(7), "Shared subtrees"). A
   * namespace may have made itself deaf to it all the same.
   */
  public static boolean arePassedOn(Path folder) throws IOException {
    return MountTable.ofSelf().holding(folder).shared().isPresent();
  }

  /**
   * Whether a process sees at {@code mountpoint} the file system that this one sees there.
   *
   * @param process its pid, as this process sees pids
   * @throws IOException if nothing is mounted there, or the process has ended
   */
  public static boolean isSeenBy(long process, Path mountpoint) throws IOException {
    MountLine own = MountTable.ofSelf().require(mountpoint);
    Optional<MountLine> there =
        MountTable.of(Path.of("/proc", String.valueOf(process))).at(mountpoint);
    return there.filter(mount -> mount.device() == own.device()).isPresent();
  }
}
