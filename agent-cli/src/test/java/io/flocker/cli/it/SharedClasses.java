package io.flocker.cli.it;

import io.flocker.core.os.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes that a daemon loads at its start, archived by one for all later ones: a third less to
 * do for each. Not safe for use by several threads.
 */
final class SharedClasses {
  private final Path archive;

  private SharedClasses(Path archive) {
    this.archive = archive;
  }

  /** Begins anew: an archive of other jars is of no use. */
  static SharedClasses fresh() throws IOException {
    Path archive = Path.of("target", "flockerd-" + TestJvm.number() + ".jsa").toAbsolutePath();
    Files.deleteIfExists(archive);
    return new SharedClasses(archive);
  }

  /** For a daemon that archives what it has loaded when it ends. */
  List<String> archiving() {
    return List.of("-XX:ArchiveClassesAtExit=" + archive);
  }

  /** For all others. Without an archive, or with one that does not fit, they start as ever. */
  List<String> using() {
    return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
  }
}
