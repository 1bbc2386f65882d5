package io.flocker.core.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Real pools on files, gone after the test class: {@code @RegisterExtension static final TestPools
 * POOLS = new TestPools();}.
 *
 * <p>Where nobody is root or no ZFS answers, the class is skipped, see {@link Needs}. {@code
 * init/with-zfs} makes a ZFS answer.
 */
public final class TestPools implements BeforeAllCallback, AfterAllCallback {
  private static final long COMMAND_SECONDS = 120;

  private final Deque<TestPool> pools = new ArrayDeque<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    String missing = missing();
    if (!missing.isEmpty()) {
      Needs.missing(context.getDisplayName(), missing);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    while (!pools.isEmpty()) {
      TestPool pool = pools.pop();
      destroy(pool);
      FolderTree.delete(pool.folder());
    }
  }

  /**
   * Makes a pool as a node's is: its root is never mounted and read-only.
   *
   * @param bytes size of the file that it lives on; at least 64 MiB
   * @param properties more ones of its root, each {@code name=value}
   */
  public TestPool create(long bytes, String... properties) throws IOException {
    Path folder = Files.createTempDirectory("flocker-pool-").toRealPath();
    Path disk = folder.resolve("disk");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(bytes);
    }
    TestPool pool =
        new TestPool(
            "flk" + UUID.randomUUID().toString().substring(0, 8),
            folder,
            Files.createDirectory(folder.resolve("mounts")));
    List<String> command = new ArrayList<>(List.of("zpool", "create", "-o", "cachefile=none"));
    for (String property : List.of("mountpoint=none", "canmount=off", "readonly=on")) {
      command.addAll(List.of("-O", property));
    }
    for (String property : properties) {
      command.addAll(List.of("-O", property));
    }
    command.addAll(List.of(pool.name(), disk.toString()));
    String said = run(command.toArray(String[]::new));
    pools.push(pool);
    if (!isThere(pool)) {
      fail("zpool create " + pool.name() + ": " + said);
    }
    return pool;
  }

  /** A dataset is busy for a moment after its unmount, or the end of whoever used it. */
  private static void destroy(TestPool pool) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMMAND_SECONDS);
    String said = run("zpool", "destroy", "-f", pool.name());
    while (isThere(pool)) {
      if (System.nanoTime() > deadline) {
        fail("zpool destroy " + pool.name() + ": " + said);
      }
      said = run("zpool", "destroy", "-f", pool.name());
    }
  }

  private static boolean isThere(TestPool pool) throws IOException {
    return run("zpool", "list", "-H", "-o", "name").lines().toList().contains(pool.name());
  }

  /** Runs a command and returns all that it says, whatever its exit status is. */
  public static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(List.of(command) + " does not end");
      }
      return said;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(List.of(command) + " was interrupted", e);
    }
  }

  private static String missing() {
    if (!Needs.isRoot()) {
      return "root";
    }
    try {
      Process process = new ProcessBuilder("zpool", "list").redirectErrorStream(true).start();
      byte[] _ = process.getInputStream().readAllBytes();
      return process.waitFor() == 0 ? "" : "a ZFS that answers";
    } catch (IOException _) {
      return "zpool";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "patience";
    }
  }
}
