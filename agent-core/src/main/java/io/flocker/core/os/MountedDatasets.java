package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells what this process sees mounted of a pool, without asking any file system. */
public final class MountedDatasets {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  /** Kinds of file systems before the name of a dataset: proc_pid_mountinfo(5), fields 8 to 10. */
  private static final List<String> KINDS = List.of(" - zfs ", " - fuse.zfs ");

  private MountedDatasets() {}

  /**
   * Full names of the datasets below {@code pool} that are mounted; cheap enough to be asked every
   * few seconds.
   *
   * @param pool name of a ZFS pool
   */
  public static Set<String> ofPool(String pool) throws IOException {
    try (Stream<String> lines = Files.lines(TABLE, ISO_8859_1)) {
      return of(pool, lines);
    }
  }

  static Set<String> of(String pool, Stream<String> table) {
    return table.flatMap(line -> dataset(pool, line)).collect(Collectors.toUnmodifiableSet());
  }

  /** Without taking the lines apart that name other file systems. */
  private static Stream<String> dataset(String pool, String line) {
    for (String kind : KINDS) {
      int mark = line.indexOf(kind + pool + "/");
      if (mark >= 0) {
        int begin = mark + kind.length();
        int end = line.indexOf(' ', begin);
        return Stream.of(line.substring(begin, end < 0 ? line.length() : end));
      }
    }
    return Stream.empty();
  }
}
