package io.flocker.core.storage;

import io.flocker.core.os.Holder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Finds the processes that keep a file system alive. Blocks; never call it on an event loop. */
@FunctionalInterface
public interface HolderSearch {
  /**
   * The processes that use the file system, beside the mount itself.
   *
   * @param mountpoint where it is mounted
   */
  List<Holder> holders(Path mountpoint) throws IOException;
}
