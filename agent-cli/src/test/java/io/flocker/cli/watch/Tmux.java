package io.flocker.cli.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A terminal of 80 by 24 in which one program runs. One thread. */
final class Tmux implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 100;

  private final Path socket;

  /** Whether there is one on this machine. */
  static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "tmux")));
  }

  /** Starts it; the terminal is gone once the program has ended. */
  Tmux(Path folder, Path script) throws IOException {
    socket = Files.createTempDirectory(folder, "tmux").resolve("socket");
    run("new-session", "-d", "-x", "80", "-y", "24", "sh " + script);
  }

  void press(String... keys) throws IOException {
    List<String> command = new ArrayList<>(List.of("send-keys"));
    command.addAll(List.of(keys));
    run(command.toArray(String[]::new));
  }

  void resize(int columns, int rows) throws IOException {
    run("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
  }

  /** What is on the screen as soon as it is as it should be; fails if it does not become so. */
  List<String> await(Predicate<List<String>> wanted) throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<String> lines = screen();
    while (!wanted.test(lines)) {
      if (System.nanoTime() - start > DEADLINE.toNanos()) {
        fail("the screen stays\n" + String.join("\n", lines));
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      lines = screen();
    }
    return lines;
  }

  List<String> screen() throws IOException {
    return run("capture-pane", "-p").lines().toList();
  }

  /** Whether a cursor is seen, and whether the terminal shows its other screen. */
  String state() throws IOException {
    return run("display", "-p", "#{cursor_flag} #{alternate_on}").strip();
  }

  /** What runs in it. */
  ProcessHandle program() throws IOException {
    long pid = Long.parseLong(run("display", "-p", "#{pane_pid}").strip());
    return ProcessHandle.of(pid).orElseThrow();
  }

  @Override
  public void close() throws IOException {
    run("kill-server");
  }

  private String run(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("tmux", "-S", socket.toString(), "-f", "/dev/null", "-u"));
    command.addAll(List.of(arguments));
    Process tmux =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .start();
    // What it says has room in the pipe.
    int status = tmux.onExit().orTimeout(DEADLINE.toSeconds(), SECONDS).join().exitValue();
    String said = new String(tmux.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, status, said);
    return said;
  }
}
