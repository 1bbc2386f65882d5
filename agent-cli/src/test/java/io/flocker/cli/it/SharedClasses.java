package io.flocker.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The classes that a daemon loads at its start, archived by the first for all later ones: a third
 * less to do for each. May be used by several threads.
 */
final class SharedClasses {
  private static final long DUMP_SECONDS = 120;

  private final Path archive;
  private boolean isTaken;

  private SharedClasses(Path archive) {
    this.archive = archive;
  }

  /** Begins anew: an archive of other jars is of no use. */
  static SharedClasses fresh() {
    SharedClasses fresh = new SharedClasses(Path.of("target", "flockerd.jsa").toAbsolutePath());
    try {
      Files.deleteIfExists(fresh.archive);
    } catch (IOException _) {
      // Java checks the archive's jars, and does without it.
    }
    return fresh;
  }

  /** What a daemon is to be started with. It says nothing of an archive that does not fit. */
  synchronized List<String> options() {
    return isTaken
        ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable")
        : List.of("-XX:+RecordDynamicDumpInfo");
  }

  /** Archives what a daemon has loaded that is ready, unless one did so before. */
  synchronized void takeFrom(Process daemon) throws IOException, InterruptedException {
    if (isTaken) {
      return;
    }
    Process dump =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(daemon.pid()),
                "VM.cds",
                "dynamic_dump",
                archive.toString())
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "flockerd.jsa.log").toFile())
            .start();
    boolean isEnded = dump.waitFor(DUMP_SECONDS, TimeUnit.SECONDS);
    dump.destroyForcibly();
    isTaken = isEnded && Files.exists(archive);
  }
}
