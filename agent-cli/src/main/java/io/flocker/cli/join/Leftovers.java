package io.flocker.cli.join;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What was made, and is of no use any more. */
final class Leftovers {
  private Leftovers() {}

  /** Deletes all that can be, without a word about the rest. */
  static void takeAway(List<Path> made) {
    for (Path path : made) {
      try {
        delete(path);
      } catch (IOException _) {
        // What led here is what has to be told.
      }
    }
  }

  /** With what is in it, if it is a folder; one that is not there is no failure. */
  static void delete(Path path) throws IOException {
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
