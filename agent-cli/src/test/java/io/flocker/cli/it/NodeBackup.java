package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.storage.TestPool;
import io.flocker.core.storage.TestPools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** A copy of a node's disks as they were while no daemon ran on it. */
final class NodeBackup {
  /** What can be put back without the other. */
  enum Part {
    POOL,
    STATE
  }

  private final TestNode node;
  private final Path folder;

  private NodeBackup(TestNode node, Path folder) {
    this.node = node;
    this.folder = folder;
  }

  /** Copies both parts. */
  static NodeBackup of(TestNode node) throws IOException {
    NodeBackup backup =
        new NodeBackup(node, Files.createDirectory(node.file("backup-" + UUID.randomUUID())));
    backup.withoutPool(() ->
        Files.copy(disk(node), backup.folder.resolve("disk"), StandardCopyOption.COPY_ATTRIBUTES));
    copy(node.file("state"), backup.folder.resolve("state"));
    return backup;
  }

  /** Puts parts back; the daemon must not run. */
  void restore(Set<Part> parts) throws IOException {
    if (parts.contains(Part.POOL)) {
      withoutPool(() ->
          Files.copy(folder.resolve("disk"), disk(node), StandardCopyOption.REPLACE_EXISTING));
    }
    if (parts.contains(Part.STATE)) {
      delete(node.file("state"));
      copy(folder.resolve("state"), node.file("state"));
    }
  }

  /** The parts that a word names: pool, state or both. */
  static Set<Part> parts(String word) {
    return switch (word) {
      case "pool" -> EnumSet.of(Part.POOL);
      case "state" -> EnumSet.of(Part.STATE);
      case "both" -> EnumSet.allOf(Part.class);
      default -> throw new IllegalArgumentException("pool, state or both, not " + word);
    };
  }

  @FunctionalInterface
  private interface DiskWork {
    Object run() throws IOException;
  }

  private void withoutPool(DiskWork work) throws IOException {
    TestPool pool = node.pool();
    zpool("export", pool.name());
    var _ = work.run();
    zpool("import", "-o", "cachefile=none", "-d", pool.folder().toString(), pool.name());
  }

  /** zfs-fuse says for a moment after an unmount that the pool is busy. */
  private static void zpool(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "zpool";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    String said = TestPools.run(command);
    for (int tries = 0; tries < 50 && said.contains("busy"); tries++) {
      said = TestPools.run(command);
    }
    assertEquals("", said, String.join(" ", command));
  }

  private static Path disk(TestNode node) {
    return node.pool().folder().resolve("disk");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.delete(path);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
