package io.flocker.core.storage;

import java.nio.file.Path;

/**
 * A pool of {@link TestPools}.
 *
 * @param folder holds its disk; deleted with it
 * @param mounts an empty folder for the mounts of its datasets
 */
public record TestPool(String name, Path folder, Path mounts) {
  /** The full name of a dataset in it. */
  public String dataset(String basename) {
    return name + "/" + basename;
  }
}
