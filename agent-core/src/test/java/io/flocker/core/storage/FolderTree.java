package io.flocker.core.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A folder of a test that JUnit does not remove. */
public final class FolderTree {
  private static final int TRIES = 100;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private FolderTree() {}

  /** Removes it with all that is in it, also beside somebody who writes his last there. */
  public static void delete(Path folder) throws IOException {
    for (int left = TRIES; Files.exists(folder); left--) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        if (left == 0) {
          throw e;
        }
      } catch (UncheckedIOException e) { // As a walk tells of what went away under it.
        if (left == 0) {
          throw e.getCause();
        }
      }
      if (Files.exists(folder)) {
        LockSupport.parkNanos(PAUSE.toNanos()); // Who writes needs a processor for it.
      }
    }
  }
}
