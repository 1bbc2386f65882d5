package io.flocker.core.os;

import java.io.IOException;
import java.nio.file.Path;

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
}
