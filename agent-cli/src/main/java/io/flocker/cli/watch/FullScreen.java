package io.flocker.cli.watch;

import io.flocker.cli.console.Paint;
import io.flocker.cli.watch.Picture.Size;
import io.flocker.cli.watch.View.Page;
import io.flocker.http.client.FlockerClient;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.impl.PosixSysTerminal;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;
import org.jline.utils.ShutdownHooks;

/**
 * The picture on the whole screen, drawn anew whenever something has changed: what is known, the
 * window, or what somebody wants to see of it by his keys.
 */
final class FullScreen implements Watch {
  /** The other screen of a terminal, without a cursor and without a second line for long ones. */
  private static final String ENTER = "\033[?1049h\033[?25l\033[?7l\033[2J";

  private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";
  private static final String HOME = "\033[H";
  private static final String REST_OF_LINE = "\033[K";

  private static final Size USUAL =
      new Size(
          io.flocker.cli.console.Terminal.USUAL_COLUMNS,
          io.flocker.cli.console.Terminal.USUAL_ROWS);

  /** After which ages that are shown have changed. */
  private static final long TICK_MILLIS = 1_000;

  /**
   * For a terminal that takes what is written; one that takes nothing shall not keep the process.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Questions questions;
  private final String asked;
  private final TerminalModes modes;
  private final Terminal terminal;
  private final PrintWriter out;
  private final Paint paint;
  private final InstantSource clock;
  private Seen seen = Seen.NOTHING;
  private View view = View.FIRST;
  private Page page = Page.NONE;
  private Size size = USUAL;
  private boolean hasEntered;
  private boolean hasLeft;

  private FullScreen(
      FlockerClient node,
      TerminalModes modes,
      Terminal terminal,
      PrintWriter out,
      Paint paint,
      InstantSource clock) {
    this.modes = modes;
    this.terminal = terminal;
    this.out = out;
    this.paint = paint;
    this.clock = clock;
    asked = node.url().getAuthority();
    questions = new Questions(node, clock, this::show);
  }

  /**
   * One that takes the screen while it is followed.
   *
   * @param modes the terminal's, to be put back
   * @throws IOException if the terminal cannot be had
   */
  static FullScreen open(
      FlockerClient node, TerminalModes modes, PrintWriter out, Paint paint, InstantSource clock)
      throws IOException {
    return new FullScreen(node, modes, new Input(), out, paint, clock);
  }

  @Override
  public void follow() throws IOException {
    terminal.handle(Signal.WINCH, _ -> resize());
    terminal.handle(Signal.CONT, _ -> enter());
    Thread asker = Thread.ofPlatform().daemon().name("questions").unstarted(questions);
    try {
      enter();
      asker.start();
      Keys keys = new Keys(terminal.reader()::read);
      while (!heed(keys.next(TICK_MILLIS))) {
        draw();
      }
    } catch (EOFException _) {
      // The terminal is gone, and with it whoever watched.
    } finally {
      asker.interrupt();
      leave();
    }
  }

  @Override
  public void leave() {
    Thread leaving = Thread.ofPlatform().daemon().name("leaving").start(this::leaveScreen);
    try {
      if (!leaving.join(PATIENCE)) {
        restore(); // Whoever draws may wait for the terminal, and keep it out.
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void leaveScreen() {
    if (hasEntered && !hasLeft) {
      out.print(LEAVE);
      out.flush();
      restore();
    }
    hasLeft = true;
  }

  private void restore() {
    try {
      modes.restore();
    } catch (IOException _) {
      // Nobody is there any more who would mind.
    }
  }

  @Override
  public void close() {
    leave();
    try {
      terminal.close();
    } catch (IOException _) {
      // It was only read from.
    }
  }

  /** Also after the process was stopped, when a shell has had the terminal. */
  private synchronized void enter() {
    if (hasLeft) {
      return;
    }
    hasEntered = true;
    try {
      modes.takeKeys();
    } catch (IOException _) {
      // Keys arrive with their lines.
    }
    out.print(ENTER);
    resize();
  }

  /** Only here the window is asked for its size, since that takes another process. */
  private synchronized void resize() {
    if (hasLeft) {
      return;
    }
    size = size(terminal.getSize());
    draw();
  }

  private synchronized void show(Seen now) {
    seen = now;
    draw();
  }

  private synchronized boolean heed(String key) {
    if (!key.isEmpty()) {
      view = view.after(key, page);
    }
    return view.hasLeft();
  }

  private synchronized void draw() {
    if (hasLeft) {
      return;
    }
    Picture picture =
        Picture.of(
            seen.unanswered(questions.unanswered()),
            view,
            size,
            asked,
            clock.instant(),
            ZoneId.systemDefault());
    page = picture.page();
    StringBuilder drawn = new StringBuilder(HOME);
    String end = "";
    for (Line line : picture.lines()) {
      drawn.append(end).append(line.painted(paint));
      // Where it fills the window the cursor is still on its last character.
      if (line.text().length() < size.columns()) {
        drawn.append(REST_OF_LINE);
      }
      end = "\r\n";
    }
    out.print(drawn);
    out.flush();
  }

  /** JLine's terminal, but for its hook, which waits for one that takes nothing any more. */
  private static final class Input extends PosixSysTerminal {
    Input() throws IOException {
      super(
          "watch",
          TYPE_DUMB, // It is not asked what the terminal is able to do.
          new ExecTerminalProvider().current(SystemStream.Output),
          Charset.forName(System.getProperty("stdin.encoding", "UTF-8")),
          false, // Else Ctrl-C would end the process without its hooks.
          SignalHandler.SIG_DFL);
      ShutdownHooks.remove(closer);
    }
  }

  private static Size size(org.jline.terminal.Size told) {
    return told.getColumns() > 0 && told.getRows() > 0
        ? new Size(told.getColumns(), told.getRows())
        : USUAL;
  }
}
