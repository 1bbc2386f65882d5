package io.flocker.cli.command;

import io.flocker.cli.console.PlainText;
import io.flocker.cli.console.Terminal;
import io.flocker.core.operation.OperationView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * One line that is drawn again and again: phase, bar, figures. Where the window is too narrow the
 * bar goes first, then the end of the figures.
 */
final class ProgressBar implements Progress {
  private static final Duration PACE = Duration.ofSeconds(1);
  private static final String GAP = "  ";
  private static final int PHASE_COLUMNS = 12;
  private static final int SHORTEST_BAR = 8;
  private static final int LONGEST_BAR = 40;
  private static final int BRACKETS = 2;

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
      draw(line(operation, terminal.columns() - 1));
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

  static String line(OperationView operation, int columns) {
    String phase = PlainText.of(operation.phase());
    String left = phase + " ".repeat(Math.max(0, PHASE_COLUMNS - phase.length())) + GAP;
    String figures = ProgressText.figures(operation);
    int room = columns - left.length() - figures.length() - GAP.length() - BRACKETS;
    OptionalDouble fraction = ProgressText.fraction(operation);
    String bar =
        fraction.isPresent() && room >= SHORTEST_BAR
            ? bar(fraction.getAsDouble(), Math.min(room, LONGEST_BAR)) + GAP
            : "";
    String line = left + bar + figures;
    return line.substring(0, Math.min(line.length(), Math.max(0, columns)));
  }

  private static String bar(double fraction, int columns) {
    int full = (int) Math.round(fraction * columns);
    return "[" + "#".repeat(full) + "-".repeat(columns - full) + "]";
  }

  private void draw(String line) {
    out.print('\r' + line + " ".repeat(Math.max(0, drawn - line.length())));
    out.flush();
    drawn = line.length();
  }
}
