package io.flocker.core.log;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.jspecify.annotations.Nullable;

/**
 * The log of this process, from {@link #start} to {@link #close}. Before and after, nothing is
 * logged and no class of Log4j is loaded: commands start fast and print only what they mean to.
 *
 * <p>While it runs it captures what libraries log, what anybody prints to {@code System.out} and
 * {@code System.err}, and what no thread caught.
 */
public final class Logging implements AutoCloseable {
  private static final AtomicReference<@Nullable Logging> ACTIVE = new AtomicReference<>();

  private volatile LogLevel level;
  private final MessageQueue queue;

  /** Log4j itself holds it only weakly: the collector would take the configuration with it. */
  private final LoggerContext context =
      (LoggerContext) LogManager.getContext(Logging.class.getClassLoader(), false);

  private final JavaLogging javaLogging;
  private final PrintStream printed = PrintCapture.stream("stdout", Level.INFO);
  private final PrintStream complained = PrintCapture.stream("stderr", Level.WARN);
  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final @Nullable UncaughtExceptionHandler uncaught =
      Thread.getDefaultUncaughtExceptionHandler();

  private Logging(LogLevel level, Appender destination, Predicate<Thread> neverWaits) {
    this.level = level;
    this.queue = new MessageQueue(destination, neverWaits);
    this.javaLogging = new JavaLogging(level);
  }

  /** Logs from {@link LogLevel#INFO} up in a process without event loops. */
  public static Logging start(LogTarget target) throws IOException {
    return start(target, LogLevel.INFO, _ -> false);
  }

  /**
   * Starts the log.
   *
   * @param level the least that is logged; actions always are
   * @param neverWaits whether a thread runs an event loop: such threads drop messages while the
   *     queue is full, where others wait
   * @throws IOException if the target cannot be written to, naming it
   * @throws IllegalStateException if there is a log already
   */
  public static synchronized Logging start(
      LogTarget target, LogLevel level, Predicate<Thread> neverWaits) throws IOException {
    if (ACTIVE.get() != null) {
      throw new IllegalStateException("this process has a log already; close it first");
    }
    Logging logging = new Logging(level, Destination.open(target), neverWaits);
    ACTIVE.set(logging);
    logging.capture();
    return logging;
  }

  /** Logs from {@code level} up from now on; what libraries log too. */
  public static void level(LogLevel level) {
    Logging active = ACTIVE.get();
    if (active != null) {
      active.change(level);
    }
  }

  /** How many messages this log has lost, all in all; 0 where there is none. */
  public static long dropped() {
    Logging active = ACTIVE.get();
    return active == null ? 0 : active.queue.droppedInAll();
  }

  /** About how many messages are not written yet; 0 where there is no log. */
  public static int waiting() {
    Logging active = ACTIVE.get();
    return active == null ? 0 : active.queue.waiting();
  }

  /** Whether messages of {@code level} are logged. */
  static boolean isOn(LogLevel level) {
    Logging active = ACTIVE.get();
    return active != null && level.compareTo(active.level) >= 0;
  }

  /** Queues {@code message} if there is a log. */
  static void write(Message message, LogLevel level) {
    Logging active = ACTIVE.get();
    if (active != null) {
      active.queue.put(event(message, level));
    }
  }

  static LogEvent event(Message message, LogLevel level) {
    return event(message, level.log4j());
  }

  static LogEvent event(Message message, Level level) {
    return new Log4jLogEvent.Builder().setLevel(level).setMessage(message).build();
  }

  /**
   * Gives back what was captured, writes what is queued (for at most 5 s) and closes the target.
   */
  @Override
  public void close() {
    if (!ACTIVE.compareAndSet(this, null)) {
      return;
    }
    printed.close();
    complained.close();
    System.setOut(stdout);
    System.setErr(stderr);
    Thread.setDefaultUncaughtExceptionHandler(uncaught);
    javaLogging.close();
    context.reconfigure();
    queue.close();
  }

  private synchronized void change(LogLevel other) {
    level = other;
    javaLogging.level(other);
    context.getConfiguration().getRootLogger().setLevel(other.log4j());
    context.updateLoggers();
  }

  private void capture() {
    context.setConfiguration(new EliotConfiguration(context, queue, level));
    System.setOut(printed);
    System.setErr(complained);
    Thread.setDefaultUncaughtExceptionHandler((_, exception) -> Action.traceback(exception));
  }
}
