package io.flocker.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A replica that somebody mounts writable behind the daemon's back, and then unmounts again. */
final class MountedByHand implements AutoCloseable {
  private final String dataset;
  private final Path folder;

  private MountedByHand(String dataset, Path folder) {
    this.dataset = dataset;
    this.folder = folder;
  }

  static MountedByHand writable(String dataset) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("flocker-by-hand-");
    Zfs.run("set", "mountpoint=" + folder, dataset);
    Zfs.run("set", "readonly=off", dataset);
    Zfs.run("mount", dataset);
    return new MountedByHand(dataset, folder);
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    Zfs.run("unmount", dataset);
    Zfs.run("inherit", "readonly", dataset);
    Zfs.run("inherit", "mountpoint", dataset);
    Files.delete(folder);
  }
}
