package io.flocker.cli.watch;

import io.flocker.cli.console.Stty;
import java.io.IOException;
import java.util.Optional;

/**
 * How the terminal of this process treats keys, by stty(1): that keeps what it does not know, where
 * JLine's ways leave a serial line at 0 baud, or lose a part when a process is ended.
 *
 * @param before as they were, in stty's own form
 */
record TerminalModes(String before) {
  /** Those of now; empty where the process has no terminal of its own, or there is no stty. */
  static Optional<TerminalModes> ofNow() {
    try {
      return Optional.of(new TerminalModes(Stty.run("-g").strip()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /**
   * Has each key arrive at once and unseen. Ctrl-C still interrupts; no key stops the process,
   * which would leave its picture to the shell, and none has it dump its threads into that.
   */
  void takeKeys() throws IOException {
    String _ =
        Stty.run(
            "-icanon", "-echo", "-iexten", "-ixon", "-icrnl", "min", "1", "time", "0", "susp",
            "undef", "quit", "undef");
  }

  void restore() throws IOException {
    String _ = Stty.run(before);
  }
}
