package io.flocker.cli.it;

import io.flocker.core.storage.TestPool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A pool that is not there: the {@code zfs} of its node makes everything up. */
public final class FakePool {
  private static final String NAME = "fake";

  private FakePool() {}

  /**
   * Makes its programs.
   *
   * @param folder takes them, and all that they remember
   * @param settings how they behave; see {@code fake-zfs.pl}
   */
  public static TestPool create(Path folder, String settings) throws IOException {
    TestPool pool = new TestPool(NAME, folder, Files.createDirectory(folder.resolve("mounts")));
    Path script = file(pool, "fake-zfs.pl");
    try (InputStream source = FakePool.class.getResourceAsStream("fake-zfs.pl")) {
      Files.copy(Objects.requireNonNull(source), script);
    }
    Files.writeString(file(pool, "settings"), settings);
    Files.writeString(
        file(pool, "datasets"), NAME + "\tused\t0\t-\n" + NAME + "\tavailable\t1099511627776\t-\n");
    program(file(pool, "zfs"), "exec perl " + script + " " + folder + " \"$@\"");
    program(
        file(pool, "zpool"),
        "case $1 in get) echo '" + NAME + "  version  28  default';; list) echo ONLINE;; esac");
    return pool;
  }

  /** The line of {@code flockerd.yml} that names its programs. */
  public static String programs(TestPool pool) {
    return "zfs: { zfs: %s, zpool: %s }".formatted(file(pool, "zfs"), file(pool, "zpool"));
  }

  private static Path file(TestPool pool, String name) {
    return pool.folder().resolve(name);
  }

  private static void program(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }
}
