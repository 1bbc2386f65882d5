package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.cli.daemon.Daemon;
import io.flocker.core.config.DaemonOptions;
import io.flocker.core.log.DatagramReceiver;
import io.flocker.core.os.TestJvm;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A {@code flockerd} as a process of its own, with the class path of the tests. */
final class DaemonProcess implements AutoCloseable {
  /**
   * Beside those of the start script, which they come after: every buffer that is lost is told of.
   * These daemons live for seconds, and most of that is their start: the first compiler alone
   * halves it, and it compiles less of what runs only then.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:CompileThresholdScaling=5",
          "-Dio.netty.leakDetection.level=paranoid");

  /** As the start script has them; where the build has not unpacked them daemons do. */
  private static final List<String> LIBRARIES = libraries();

  /** Far more than either takes, on a machine that is busy with other things too. */
  private static final long START_SECONDS = 280;

  private static final long END_SECONDS = 280;

  /** The exit status of one that KILL has ended: 128, and the signal's number. */
  private static final int KILLED = 137;

  private static final String CLASS_PATH = classPath();

  /** Null until the first daemon is to be started. */
  private static @Nullable List<String> sharedClasses;

  private final Process process;
  private final String socket;
  private final DatagramReceiver manager;
  private final Path output;

  private DaemonProcess(Process process, String socket, DatagramReceiver manager, Path output) {
    this.process = process;
    this.socket = socket;
    this.manager = manager;
    this.output = output;
  }

  /**
   * Starts one and does not wait.
   *
   * @param output takes what it prints
   */
  static DaemonProcess start(Path configuration, Path output) throws IOException {
    return start(configuration, output, Location.LOOPBACK);
  }

  /** Starts one elsewhere and does not wait. */
  static DaemonProcess start(Path configuration, Path output, Location location)
      throws IOException {
    return start(configuration, output, location, sharedClasses(configuration, output, location));
  }

  /** Lets one daemon start and end first, so that all others find their classes cached. */
  private static synchronized List<String> sharedClasses(
      Path configuration, Path output, Location location) {
    List<String> options = sharedClasses;
    if (options == null) {
      options =
          CLASS_PATH.matches("([^:]+\\.jar:?)+")
              ? SharedClasses.options(
                  CLASS_PATH, training -> train(configuration, output, location, training))
              : List.of(); // A cache bears jars only, and these are folders of classes.
      sharedClasses = options;
    }
    return options;
  }

  private static void train(
      Path configuration, Path output, Location location, List<String> options) throws IOException {
    try {
      int _ = start(configuration, output, location, options).awaitReady().terminate();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private static DaemonProcess start(
      Path configuration, Path output, Location location, List<String> more) throws IOException {
    String socket = location.socket("flocker-it-" + UUID.randomUUID());
    DatagramReceiver manager = DatagramReceiver.at(socket);
    List<String> command = new ArrayList<>(location.entry());
    // Where a shell has the tests go on beside it, as init/with-zfs does, they ignore INT.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(TestJvm.program());
    command.addAll(DaemonOptions.read());
    command.addAll(OPTIONS);
    command.addAll(LIBRARIES);
    command.addAll(more);
    command.addAll(List.of("-cp", CLASS_PATH, Daemon.class.getName()));
    command.addAll(List.of("--config", configuration.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().put("NOTIFY_SOCKET", socket);
    builder.environment().remove("JOURNAL_STREAM");
    Process process = builder.start();
    // TERM ends no test class.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new DaemonProcess(process, socket, manager, output);
  }

  /** Waits until it has told the service manager that it listens. */
  DaemonProcess awaitReady() throws IOException, InterruptedException {
    // Not on the common pool, where the JDK tells of the process's end.
    Executor ownThread = task -> Thread.ofPlatform().daemon().start(task);
    CompletableFuture<?> ready = CompletableFuture.runAsync(this::awaitReadyMessage, ownThread);
    try {
      CompletableFuture.anyOf(ready, process.onExit()).get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IOException("flockerd did not say that it is ready: " + printed(), e);
    }
    if (!process.isAlive()) {
      closeManager();
      throw new IOException("flockerd ended with " + process.exitValue() + ": " + printed());
    }
    return this;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends TERM, and returns the exit status. */
  int terminate() throws IOException, InterruptedException {
    process.destroy();
    return awaitEnd();
  }

  /** Sends INT, as a terminal does, and returns the exit status. */
  int interrupt() throws IOException, InterruptedException {
    send("INT");
    return awaitEnd();
  }

  /** Sends HUP, and waits until it has told the service manager that all was read anew. */
  void hangUp() throws IOException, InterruptedException {
    send("HUP");
    while (!manager.next().startsWith("RELOADING=1\nMONOTONIC_USEC=")) {
      // Other messages come before it.
    }
    awaitReadyMessage();
  }

  private void send(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start();
    assertEquals(0, kill.waitFor());
  }

  /** Sends KILL. */
  void kill() throws IOException, InterruptedException {
    process.destroyForcibly();
    int _ = awaitEnd();
  }

  /** Whether that was its end, which may have come in the midst of a line of its log. */
  boolean wasKilled() {
    return !process.isAlive() && process.exitValue() == KILLED;
  }

  /** Waits for the exit status of one that ends by itself. */
  int awaitEnd() throws IOException, InterruptedException {
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      close();
      throw new IOException("flockerd does not end: " + printed());
    }
    closeManager();
    return process.exitValue();
  }

  /** What it has printed, with all others that print to the same file. */
  String printed() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(END_SECONDS, TimeUnit.SECONDS).join();
    try {
      closeManager();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void closeManager() throws IOException {
    manager.close();
    if (!socket.startsWith("@")) {
      boolean _ = Files.deleteIfExists(Path.of(socket));
    }
  }

  private void awaitReadyMessage() {
    try {
      while (!manager.next().contains("READY=1")) {
        // Other messages come before it.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> libraries() {
    Path unpacked = Path.of("target", "dist", "lib", "native").toAbsolutePath();
    String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
    return List.of(
        "-Djava.library.path=" + unpacked.resolve("META-INF/native"),
        "-Dorg.sqlite.lib.path=" + unpacked.resolve("org/sqlite/native/Linux").resolve(machine));
  }

  /** Without the folder of test classes: an archive of classes bears jars only. */
  private static String classPath() {
    return Arrays.stream(TestJvm.classPath().split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
