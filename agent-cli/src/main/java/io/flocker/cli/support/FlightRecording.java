package io.flocker.cli.support;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.concurrent.TimeUnit;

/**
 * What processors, memory and locks do in the daemon of this machine, as Java's own flight recorder
 * sees it: asked for by {@code jcmd}, without a restart, over no network. One thread.
 */
public final class FlightRecording {
  private static final String SETTINGS = "flight-recording.jfc";
  private static final String PROGRAM = "io.flocker.cli.daemon.Daemon";

  /** Who takes that long to answer {@code jcmd} will not. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final long daemon;
  private final Path folder;
  private final String name;

  private FlightRecording(long daemon, Path folder) {
    this.daemon = daemon;
    this.folder = folder;
    this.name = "flocker-support-" + ProcessHandle.current().pid();
  }

  /**
   * Records one.
   *
   * @param settings the file that the daemon was started with
   * @param state a folder that the daemon can write to; nothing of this remains in it
   * @param time how long is recorded
   * @return as the {@code jfr} command and JDK Mission Control read it
   * @throws IOException no daemon of these settings runs here, or it does not record for who asks
   */
  public static byte[] take(Path settings, Path state, Duration time)
      throws IOException, InterruptedException {
    return new FlightRecording(daemon(settings), state).record(time);
  }

  private byte[] record(Duration time) throws IOException, InterruptedException {
    Path events = folder.resolve(name + ".jfc");
    Path recorded = folder.resolve(name + ".jfr");
    try {
      DurableFile.create(events, settings());
      // Its own end is for the case that this command is killed. With that it writes a file of its
      // own, somewhere, unless one is named.
      tell(
          "JFR.start",
          "settings=" + events,
          "filename=" + recorded,
          "maxsize=16m",
          "duration=" + time.plus(PATIENCE).toSeconds() + "s");
      try {
        Thread.sleep(time);
      } finally {
        tell("JFR.stop");
      }
      return Files.readAllBytes(recorded);
    } finally {
      Files.deleteIfExists(events);
      Files.deleteIfExists(recorded);
    }
  }

  private static byte[] settings() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(FlightRecording.class.getResourceAsStream(SETTINGS))) {
      return in.readAllBytes();
    }
  }

  private void tell(String what, String... details) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    argv.addAll(List.of(Long.toString(daemon), what, "name=" + name));
    argv.addAll(List.of(details));
    Path said = Files.createTempFile(name, ".out");
    try {
      Process asking =
          new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(said.toFile()).start();
      boolean hasEnded = asking.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
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
    throw new IOException("no flockerd runs here with --config " + settings);
  }

  private static boolean isDaemon(Path process, Path settings) {
    try {
      List<String> argv =
          List.of(new String(Files.readAllBytes(process.resolve("cmdline")), UTF_8).split("\0"));
      return argv.contains(PROGRAM)
          && (argv.contains(settings.toString()) || argv.contains("--config=" + settings));
    } catch (IOException _) {
      return false; // It has ended, or is somebody else's.
    }
  }
}
