package io.flocker.cli.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What processors, memory and locks do in the daemon of this machine, as Java's own flight recorder
 * sees it: asked for by {@code jcmd}, without a restart, over no network. One thread.
 */
public final class FlightRecording {
  private static final String SETTINGS = "flight-recording.jfc";
  private static final String PROGRAM = "io.flocker.cli.daemon.Daemon";
  private static final String CONFIG = "--config";

  /** Who takes that long to answer {@code jcmd} will not. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Of somebody who has pressed Ctrl-C. */
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(5);

  private final long daemon;
  private final String name;
  private final Path events;
  private final Path recorded;

  private FlightRecording(long daemon, Path folder) {
    this.daemon = daemon;
    this.name = "flocker-support-" + ProcessHandle.current().pid();
    this.events = folder.resolve(name + ".jfc");
    this.recorded = folder.resolve(name + ".jfr");
  }

  /**
   * One that has not begun.
   *
   * @param settings the file that the daemon was started with
   * @param state a folder that the daemon can write to; nothing of this remains in it, unless this
   *     program is killed
   * @throws IOException if no daemon of these settings and of who asks runs here
   */
  public static FlightRecording of(Path settings, Path state) throws IOException {
    return new FlightRecording(daemon(settings), state);
  }

  /**
   * Records it.
   *
   * @param time how long is recorded
   * @return as the {@code jfr} command and JDK Mission Control read it
   * @throws IOException if the daemon does not record
   */
  public byte[] take(Duration time) throws IOException, InterruptedException {
    try {
      DurableFile.create(events, settings());
      // Its own end is for the case that this command is killed. With that it writes a file of its
      // own, somewhere, unless one is named.
      tell(
          PATIENCE,
          "JFR.start",
          "settings=" + events,
          "filename=" + recorded,
          "maxsize=16m",
          "duration=" + time.plus(PATIENCE).toSeconds() + "s");
      try {
        Thread.sleep(time);
      } finally {
        tell(PATIENCE, "JFR.stop");
      }
      return Files.readAllBytes(recorded);
    } finally {
      delete();
    }
  }

  /** Ends it before its time, for a program that ends; any thread. */
  public void abandon() {
    try {
      tell(LAST_PATIENCE, "JFR.stop");
    } catch (IOException _) {
      // It has not begun, or has ended.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try {
      delete();
    } catch (IOException _) {
      // Nobody is there any more to be told.
    }
  }

  private void delete() throws IOException {
    boolean _ = Files.deleteIfExists(events);
    boolean _ = Files.deleteIfExists(recorded);
  }

  private static byte[] settings() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(FlightRecording.class.getResourceAsStream(SETTINGS))) {
      return in.readAllBytes();
    }
  }

  private void tell(Duration patience, String what, String... details)
      throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    argv.addAll(List.of(Long.toString(daemon), what, "name=" + name));
    argv.addAll(List.of(details));
    Path said = Files.createTempFile(name, ".out");
    try {
      Process asking =
          new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(said.toFile()).start();
      boolean hasEnded = asking.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
      asking.destroyForcibly();
      if (!hasEnded || asking.exitValue() != 0) {
        throw new IOException(
            "process %d did not do %s: %s".formatted(daemon, what, Files.readString(said).strip()));
      }
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /** Read whole from /proc: what the JDK tells of a process ends after 4096 bytes. */
  private static long daemon(Path settings) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (isDaemon(process, settings)) {
          return Long.parseLong(process.getFileName().toString());
        }
      }
    }
    throw new IOException("no flockerd of yours runs here with --config " + settings);
  }

  /** Anybody can start what is called as the daemon is, and would be told where to write. */
  static boolean isDaemon(Path process, Path settings) {
    try {
      if (!Files.getOwner(process).equals(Files.getOwner(Path.of("/proc/self")))) {
        return false;
      }
      List<String> argv =
          List.of(new String(Files.readAllBytes(process.resolve("cmdline")), UTF_8).split("\0"));
      Path itsFolder = Files.readSymbolicLink(process.resolve("cwd"));
      return argv.contains(PROGRAM)
          && itsFolder
              .resolve(config(argv))
              .normalize()
              .equals(settings.toAbsolutePath().normalize());
    } catch (IOException _) {
      return false; // It has ended, or is somebody else's.
    }
  }

  private static String config(List<String> argv) {
    String config = NodeConfiguration.DEFAULT_FILE.toString();
    for (int i = 0; i < argv.size(); i++) {
      if (argv.get(i).startsWith(CONFIG + "=")) {
        config = argv.get(i).substring(CONFIG.length() + 1);
      } else if (Set.of("-c", CONFIG).contains(argv.get(i)) && i + 1 < argv.size()) {
        config = argv.get(i + 1);
      }
    }
    return config;
  }
}
