package io.flocker.cli.watch;

import io.flocker.cli.console.Paint;
import io.flocker.cli.console.Terminal;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Shows a node and its cluster for as long as somebody watches. One thread. */
public interface Watch extends AutoCloseable {
  /** Blocks until he has seen enough; for ever where he has no keys. */
  void follow() throws IOException;

  /**
   * Leaves the terminal as it was, while the process ends. Any thread; nothing is shown after it.
   */
  void leave();

  /** The same, for a process that goes on. Idempotent. */
  @Override
  void close();

  /**
   * One on the whole screen of a terminal, or one of lines where there is none, or none whose keys
   * can be had. The screen is taken by {@link #follow} alone.
   *
   * @param variables the environment
   * @throws IOException if the terminal cannot be had
   */
  static Watch of(
      FlockerClient node, Terminal terminal, PrintWriter out, Map<String, String> variables)
      throws IOException {
    boolean hasScreen =
        terminal.interactive() && !variables.getOrDefault("TERM", "dumb").equals("dumb");
    Optional<TerminalModes> modes = hasScreen ? TerminalModes.ofNow() : Optional.empty();
    InstantSource clock = InstantSource.system();
    return modes.isPresent()
        ? FullScreen.open(node, modes.get(), out, Paint.of(terminal, variables), clock)
        : new Changes(node, out, clock);
  }
}
