package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.TestPool;
import io.flocker.core.storage.TestPools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The command {@code zfs} in the hands of a test. */
final class Zfs {
  /** What is done in a folder. */
  @FunctionalInterface
  interface Work {
    void in(Path folder) throws IOException, InterruptedException;
  }

  private static final long COMMAND_SECONDS = 120;

  private Zfs() {}

  /** Runs {@code zfs} and returns what it prints; anything but exit status 0 fails the test. */
  static String run(String... arguments) throws IOException, InterruptedException {
    return new String(bytes(arguments), UTF_8).strip();
  }

  /** The stream of {@code zfs send} with these arguments. */
  static byte[] send(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("send"));
    all.addAll(List.of(arguments));
    return bytes(all.toArray(String[]::new));
  }

  /** A property's value; numbers are exact. */
  static String property(String dataset, String name) throws IOException, InterruptedException {
    return run("get", "-Hp", "-o", "value", name, dataset);
  }

  static Guid guid(String dataset) throws IOException, InterruptedException {
    return Guid.parseDecimal(property(dataset, "guid"));
  }

  /** Names of the dataset's snapshots, after the {@code @}, oldest first. */
  static List<String> snapshots(String dataset) throws IOException, InterruptedException {
    return run("list", "-H", "-o", "name", "-t", "snapshot", "-s", "createtxg", "-r", dataset)
        .lines()
        .map(name -> name.substring(name.indexOf('@') + 1))
        .toList();
  }

  /** Whether the dataset or snapshot is there. */
  static boolean exists(TestPool pool, String name) throws IOException, InterruptedException {
    return run("list", "-H", "-o", "name", "-t", "all", "-r", pool.name())
        .lines()
        .anyMatch(name::equals);
  }

  /** What a snapshot holds, by a clone that is mounted elsewhere for a moment. */
  static Content content(TestPool pool, String snapshot) throws Exception {
    String clone = pool.dataset("clone-" + UUID.randomUUID());
    Path folder = Files.createTempDirectory("flocker-clone-");
    run("clone", "-o", "mountpoint=" + folder, snapshot, clone);
    try {
      return Content.of(folder);
    } finally {
      destroy(pool, clone);
      Files.delete(folder);
    }
  }

  /** Has work done in a replica that is mounted writable for it, behind the daemon's back. */
  static void whileWritable(String replica, Work work) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("flocker-by-hand-");
    run("set", "mountpoint=" + folder, replica);
    run("set", "readonly=off", replica);
    run("mount", replica);
    try {
      work.in(folder);
    } finally {
      run("unmount", replica);
      run("inherit", "readonly", replica);
      run("inherit", "mountpoint", replica);
      Files.delete(folder);
    }
  }

  /** zfs-fuse says for a moment after an unmount that the dataset is busy. */
  private static void destroy(TestPool pool, String dataset) throws Exception {
    run("unmount", dataset);
    Await.until(
        dataset + " to be destroyed",
        () -> {
          var _ = TestPools.run("zfs", "destroy", dataset);
          return !exists(pool, dataset);
        });
  }

  private static byte[] bytes(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("zfs"));
    command.addAll(List.of(arguments));
    Path complaints = Files.createTempFile("zfs", ".stderr");
    try {
      Process process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
      process.getOutputStream().close();
      byte[] said = process.getInputStream().readAllBytes();
      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(command + ": " + Files.readString(complaints));
      }
      return said;
    } finally {
      Files.delete(complaints);
    }
  }
}
