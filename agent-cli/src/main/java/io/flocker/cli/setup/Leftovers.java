package io.flocker.cli.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Deletes what was made in vain. Any thread. */
public final class Leftovers {
  private Leftovers() {}

  /** Deletes what it can, and is silent about the rest. */
  static void takeAway(List<Path> made) {
    for (Path path : made) {
      try {
        delete(path);
      } catch (IOException _) {
        // What led here is what has to be told.
      }
    }
  }

  /**
   * Deletes a file, or a folder with what is in it; one that is not there is no failure.
   *
   * @throws IOException if some of it remains
   */
  public static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          delete(file);
        }
      }
    }
    boolean _ = Files.deleteIfExists(path);
  }
}
