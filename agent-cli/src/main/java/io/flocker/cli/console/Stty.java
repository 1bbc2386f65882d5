package io.flocker.cli.console;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The terminal of this process, asked and told by stty(1), which the JDK is not able to. */
public final class Stty {
  private static final long LONGEST_SECONDS = 5;

  private Stty() {}

  /**
   * Runs it. Any thread; blocks for 5 s at most.
   *
   * @return what it says
   * @throws IOException if there is no terminal or no stty, or the terminal cannot be had
   */
  public static String run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    Process stty = new ProcessBuilder(command).redirectInput(new File("/dev/tty")).start();
    try {
      // It waits until the terminal has taken what was written, which may be never. It is left
      // alone
      // then, and still does what it was told if it can.
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
