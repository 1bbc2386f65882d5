package io.flocker.cli.command;

import io.flocker.cli.console.ProgressText;
import io.flocker.cli.console.Terminal;
import io.flocker.core.operation.OperationView;
import java.io.PrintWriter;
import java.time.Duration;

/** One line that is drawn again and again. */
final class ProgressBar implements Progress {
  private static final Duration PACE = Duration.ofSeconds(1);

  private final Terminal terminal;
  private final PrintWriter out;
  private int drawn;
  private boolean closed;

  ProgressBar(Terminal terminal, PrintWriter out) {
    this.terminal = terminal;
    this.out = out;
  }

  @Override
  public synchronized void show(OperationView operation) {
    if (!closed) {
      // A character in the last column would make some terminals wrap.
      draw(ProgressText.line(operation, terminal.columns() - 1));
    }
  }

  @Override
  public Duration pace() {
    return PACE;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      draw("");
      out.print('\r');
      out.flush();
    }
  }

  private void draw(String line) {
    out.print('\r' + line + " ".repeat(Math.max(0, drawn - line.length())));
    out.flush();
    drawn = line.length();
  }
}
