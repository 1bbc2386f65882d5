package io.flocker.cli.console;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Lines that are drawn again and again at one place of a terminal (ECMA-48). What does not fit into
 * the window is left out. Any thread; nothing is drawn once it is closed.
 */
public final class LiveView implements AutoCloseable {
  private static final String REST_OF_LINE = "\033[K";
  private static final String REST_OF_SCREEN = "\033[J";

  /** The last line is the cursor's, and the last column makes some terminals wrap. */
  private static final int SPARE = 1;

  private final Terminal terminal;
  private final PrintWriter out;
  private int drawn;
  private boolean closed;

  /** One that begins at the cursor, at the beginning of a line. */
  public LiveView(Terminal terminal, PrintWriter out) {
    this.terminal = terminal;
    this.out = out;
  }

  /**
   * Draws other lines in place of those before.
   *
   * @param picture makes them, for so many columns
   */
  public synchronized void show(IntFunction<List<String>> picture) {
    if (closed) {
      return;
    }
    StringBuilder drawing = new StringBuilder(home());
    int rows = Math.max(1, terminal.rows() - SPARE);
    int columns = Math.max(0, terminal.columns() - SPARE);
    List<String> lines = picture.apply(columns);
    List<String> shown = lines.size() <= rows ? lines : lines.subList(0, rows - 1);
    shown.forEach(line -> append(drawing, line, columns));
    if (shown.size() < lines.size()) {
      append(drawing, "and " + (lines.size() - shown.size()) + " more lines", columns);
    }
    drawn = Math.min(lines.size(), rows);
    out.print(drawing.append(REST_OF_SCREEN));
    out.flush();
  }

  /** Takes the picture away, and leaves its place to whoever prints next. Idempotent. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      out.print(home() + REST_OF_SCREEN);
      out.flush();
    }
  }

  private String home() {
    return drawn == 0 ? "\r" : "\r\033[" + drawn + "A";
  }

  private static void append(StringBuilder picture, String line, int columns) {
    String plain = PlainText.of(line);
    picture.append(plain, 0, Math.min(plain.length(), columns)).append(REST_OF_LINE).append('\n');
  }
}
