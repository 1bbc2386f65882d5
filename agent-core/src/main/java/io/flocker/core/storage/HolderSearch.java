package io.flocker.core.storage;

import io.flocker.core.os.Holder;
import java.io.IOException;
import java.util.List;

/** Finds the processes that keep a file system alive. Blocks; never call it on an event loop. */
@FunctionalInterface
public interface HolderSearch {
  /**
   * The processes that use the file system.
   *
   * @param device its {@code st_dev}, read while it was mounted
   */
  List<Holder> holders(long device) throws IOException;
}
