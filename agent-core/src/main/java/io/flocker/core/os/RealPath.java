package io.flocker.core.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths as the kernel lists mounts: without symbolic links. Blocking; any thread may call. */
public final class RealPath {
  private RealPath() {}

  /**
   * The path without links. Where it ends nowhere, what there is of it is resolved; what is mounted
   * at its end is not asked, since it may hang.
   */
  public static Path of(Path path) {
    if (isLink(path)) {
      return followed(path);
    }
    Path parent = path.getParent();
    return parent == null ? path : of(parent).resolve(path.getFileName()).normalize();
  }

  /** By readlink(2): of a folder the kernel answers that itself, lstat(2) asks the file system. */
  private static boolean isLink(Path path) {
    try {
      var _ = Files.readSymbolicLink(path);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static Path followed(Path link) {
    try {
      return link.toRealPath();
    } catch (IOException _) {
      return link; // To nowhere.
    }
  }
}
