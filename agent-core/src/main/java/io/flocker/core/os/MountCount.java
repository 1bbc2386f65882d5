package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Counts what this process sees mounted, without asking any file system. */
public final class MountCount {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  private MountCount() {}

  /**
   * How many mounts there are of datasets below {@code pool}; cheap enough to be asked every few
   * seconds.
   *
   * @param pool name of a ZFS pool
   */
  public static long ofPool(String pool) throws IOException {
    String kernel = " - zfs " + pool + "/"; // proc_pid_mountinfo(5), fields 8 to 10
    String fuse = " - fuse.zfs " + pool + "/";
    try (Stream<String> lines = Files.lines(TABLE, ISO_8859_1)) {
      return lines.filter(line -> line.contains(fuse) || line.contains(kernel)).count();
    }
  }
}
