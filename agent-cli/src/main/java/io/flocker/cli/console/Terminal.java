package io.flocker.cli.console;

import io.flocker.core.os.Descriptors;
import io.flocker.core.os.NativeException;
import java.io.Console;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a command's output goes. */
public interface Terminal {
  /** Columns of a terminal that does not tell. */
  int USUAL_COLUMNS = 80;

  /** Rows of a terminal that does not tell. */
  int USUAL_ROWS = 24;

  /** {@code STDOUT_FILENO} of unistd.h. */
  int STDOUT = 1;

  /** Whether a person watches. */
  boolean interactive();

  /** How many columns a line has, now: the window may change. */
  int columns();

  /** How many lines the window has, now. */
  default int rows() {
    return USUAL_ROWS;
  }

  /** The next line that a person types; empty at the end of the input, or where nobody watches. */
  default Optional<String> readLine() {
    return Optional.empty();
  }

  /**
   * Has {@code gone} run once nobody can read the output any more; for commands that may have
   * nothing to print for a long time, and would notice no sooner. At once is not promised where the
   * system has no way to tell.
   */
  void onUnread(Runnable gone);

  /** The terminal of this process. */
  static Terminal ofProcess() {
    boolean interactive =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new Terminal() {
      @Override
      public boolean interactive() {
        return interactive;
      }

      @Override
      public int columns() {
        return asked("columns").orElse(USUAL_COLUMNS);
      }

      @Override
      public int rows() {
        return asked("rows").orElse(USUAL_ROWS);
      }

      @Override
      public Optional<String> readLine() {
        return interactive
            ? Optional.ofNullable(System.console()).map(Console::readLine)
            : Optional.empty();
      }

      @Override
      public void onUnread(Runnable gone) {
        if (System.getProperty("os.name").equals("Linux")) {
          var _ = Thread.ofPlatform().daemon().name("output-watch").start(() -> awaitUnread(gone));
        }
      }
    };
  }

  private static void awaitUnread(Runnable gone) {
    try {
      Descriptors.awaitHangUp(STDOUT);
      gone.run();
    } catch (NativeException _) {
      // The next line that is printed tells.
    }
  }

  /** Which of the two that {@code stty size} prints: {@code rows columns}. */
  private static Optional<Integer> asked(String which) {
    try {
      Matcher size =
          Pattern.compile("(?<rows>\\d{1,5}) (?<columns>\\d{1,5})\\s*").matcher(Stty.run("size"));
      if (size.matches() && !size.group(which).equals("0")) {
        return Optional.of(Integer.parseInt(size.group(which)));
      }
    } catch (IOException _) {
      // No stty or no terminal: the usual size.
    }
    return Optional.empty();
  }
}
