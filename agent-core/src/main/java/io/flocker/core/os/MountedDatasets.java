package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What this process sees mounted of a pool, without asking any file system.
 *
 * @param names full names of the datasets below the pool that are mounted
 * @param readonly those of them that no mount lets anybody write
 */
public record MountedDatasets(Set<String> names, Set<String> readonly) {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  /** Kinds of file systems before the name of a dataset: proc_pid_mountinfo(5), fields 8 to 10. */
  private static final List<String> KINDS = List.of(" - zfs ", " - fuse.zfs ");

  private static final int OPTIONS_FIELD = 5;

  /** One mount of a dataset. */
  private record Mount(String dataset, boolean isWritable) {}

  /**
   * Reads what is mounted of {@code pool}; cheap enough to be asked every few seconds.
   *
   * @param pool name of a ZFS pool
   */
  public static MountedDatasets ofPool(String pool) throws IOException {
    try (Stream<String> lines = Files.lines(TABLE, ISO_8859_1)) {
      return of(pool, lines);
    }
  }

  static MountedDatasets of(String pool, Stream<String> table) {
    List<Mount> mounts = table.flatMap(line -> mount(pool, line).stream()).toList();
    Set<String> writable =
        mounts.stream().filter(Mount::isWritable).map(Mount::dataset).collect(toUnmodifiableSet());
    Set<String> names = mounts.stream().map(Mount::dataset).collect(toUnmodifiableSet());
    return new MountedDatasets(
        names,
        names.stream().filter(name -> !writable.contains(name)).collect(toUnmodifiableSet()));
  }

  /** Without taking the lines apart that name other file systems. */
  private static Optional<Mount> mount(String pool, String line) {
    for (String kind : KINDS) {
      int mark = line.indexOf(kind + pool + "/");
      if (mark >= 0) {
        String[] source = line.substring(mark + kind.length()).split(" ", 2);
        // The mount has options of its own, and so has the file system below all its mounts.
        boolean isWritable =
            !isReadonly(line.split(" ", OPTIONS_FIELD + 2)[OPTIONS_FIELD])
                && !(source.length > 1 && isReadonly(source[1]));
        return Optional.of(new Mount(source[0], isWritable));
      }
    }
    return Optional.empty();
  }

  private static boolean isReadonly(String options) {
    return options.equals("ro") || options.startsWith("ro,");
  }
}
