package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.storage.FolderTree;
import io.flocker.core.storage.TestPool;
import io.flocker.core.storage.TestPools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
  static NodeBackup of(TestNode node) throws Exception {
    NodeBackup backup =
        new NodeBackup(node, Files.createDirectory(node.file("backup-" + UUID.randomUUID())));
    backup.withoutPool(() ->
        Files.copy(disk(node), backup.folder.resolve("disk"), StandardCopyOption.COPY_ATTRIBUTES));
    copy(node.file("state"), backup.folder.resolve("state"));
    return backup;
  }

  /** Puts parts back; the daemon must not run. */
  void restore(Set<Part> parts) throws Exception {
    if (parts.contains(Part.POOL)) {
      withoutPool(() ->
          Files.copy(folder.resolve("disk"), disk(node), StandardCopyOption.REPLACE_EXISTING));
    }
    if (parts.contains(Part.STATE)) {
      FolderTree.delete(node.file("state"));
      copy(folder.resolve("state"), node.file("state"));
    }
  }

  /** Takes away all that a node remembers beside its pool; the daemon must not run. */
  static void lose(TestNode node) throws IOException {
    FolderTree.delete(node.file("state"));
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

  private void withoutPool(DiskWork work) throws Exception {
    TestPool pool = node.pool();
    zpool("export", pool.name());
    try {
      var _ = work.run();
    } finally {
      zpool("import", "-o", "cachefile=none", "-d", pool.folder().toString(), pool.name());
    }
  }

  /** zfs-fuse says for a moment after the end of whoever used a pool that it is busy. */
  private static void zpool(String... arguments) throws Exception {
    String command = String.join(" ", arguments);
    Await.until(
        "zpool " + command,
        () -> {
          String said = TestPools.run(("zpool " + command).split(" "));
          assertTrue(said.isEmpty() || said.contains("busy"), said);
          return said.isEmpty();
        });
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
}
