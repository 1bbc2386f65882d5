package io.flocker.cli.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How the terminal of this process treats keys, by stty(1): that keeps what it does not know, where
 * JLine's ways leave a serial line at 0 baud, or lose a part when a process is ended.
 *
 * @param before as they were, in stty's own form
 */
record TerminalModes(String before) {
  private static final long LONGEST_SECONDS = 5;

  /** Those of now; empty where the process has no terminal of its own, or there is no stty. */
  static Optional<TerminalModes> ofNow() {
    try {
      return Optional.of(new TerminalModes(stty("-g").strip()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /**
   * Has each key arrive at once and unseen. Ctrl-C still interrupts; no key stops the process,
   * which would leave its picture to the shell, and none has it dump its threads into that.
   */
  void takeKeys() throws IOException {
    stty(
        "-icanon", "-echo", "-iexten", "-ixon", "-icrnl", "min", "1", "time", "0", "susp", "undef",
        "quit", "undef");
  }

  void restore() throws IOException {
    stty(before);
  }

  private static String stty(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    Process stty = new ProcessBuilder(command).redirectInput(new File("/dev/tty")).start();
    try {
      // It waits until the terminal has taken what was written, which may be never.
      if (!stty.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || stty.exitValue() != 0) {
        throw new IOException("stty cannot change this terminal");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    return new String(stty.getInputStream().readAllBytes(), US_ASCII);
  }
}
