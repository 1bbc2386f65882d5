package io.flocker.cli.daemon;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import java.time.Duration;

/**
 * Work that goes on beside the serving, round after round, until it is done or closed. A round that
 * fails, in whichever way, is followed by the next one.
 */
final class Background implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** One round. */
  @FunctionalInterface
  interface Round {
    /** Does what can be done now; tells whether anything may be left to do later. */
    boolean leavesWork() throws FailureException, InterruptedException;
  }

  private final Thread thread;

  private Background(String name, Duration pause, Round round) {
    this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(pause, round));
  }

  /** Starts the first round at once; the next ones follow 10 s after the one before. */
  static Background start(String name, Round round) {
    return start(name, PAUSE, round);
  }

  /** Starts the first round at once; the next ones follow {@code pause} after the one before. */
  static Background start(String name, Duration pause, Round round) {
    Background work = new Background(name, pause, round);
    work.thread.start();
    return work;
  }

  /** Lets no further round begin; one that runs is interrupted. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private static void run(Duration pause, Round round) {
    String told = "";
    try {
      while (true) {
        try {
          if (!round.leavesWork()) {
            return;
          }
          told = "";
        } catch (FailureException | RuntimeException e) {
          told = tell(e, told);
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /** What stays wrong is told once, not every round. */
  private static String tell(Exception wrong, String before) {
    boolean isCancelled =
        wrong instanceof FailureException known && known.failure() == TransferFailure.CANCELLED;
    String now = wrong.toString();
    if (!isCancelled && !now.equals(before)) {
      Action.traceback(wrong);
      return now;
    }
    return before;
  }
}
