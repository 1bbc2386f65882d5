package io.flocker.cli.it;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The classes that a daemon loads at its start, cached by one for all later ones, also for those of
 * tests that run at the same time in other JVMs: half of the start is less to do.
 */
final class SharedClasses {
  private static final Path CACHE = Path.of("target", "flockerd.aot").toAbsolutePath();
  private static final Path LOCK = Path.of("target", "flockerd.aot.lock").toAbsolutePath();

  /** A daemon that is started with these options, and ends again. */
  @FunctionalInterface
  interface Trainee {
    void run(List<String> options) throws IOException;
  }

  private SharedClasses() {}

  /**
   * What a daemon is to be started with. Makes the cache first where there is none, or one of other
   * jars; without one daemons start as ever.
   *
   * @param jars what stands in the daemon's class path
   */
  static List<String> options(String jars, Trainee trainee) {
    try (FileChannel channel =
            FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!isOf(jars)) {
        Files.deleteIfExists(CACHE);
        trainee.run(List.of("-XX:AOTCacheOutput=" + CACHE, "-Xlog:disable"));
      }
      return List.of("-XX:AOTCache=" + CACHE, "-Xlog:disable");
    } catch (IOException _) {
      // That daemon is meant to fail: the test says so, and all go on without.
      return List.of();
    }
  }

  /** Those jars alone that this build makes change: all are older than what was made of them. */
  private static boolean isOf(String jars) throws IOException {
    if (!Files.exists(CACHE)) {
      return false;
    }
    for (String jar : jars.split(File.pathSeparator, -1)) {
      if (Files.getLastModifiedTime(Path.of(jar)).compareTo(Files.getLastModifiedTime(CACHE)) > 0) {
        return false;
      }
    }
    return true;
  }
}
