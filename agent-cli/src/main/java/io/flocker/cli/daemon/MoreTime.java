package io.flocker.cli.daemon;

import io.flocker.core.os.NotifySocket;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Asks the service manager for more time, again and again, for as long as a start or a stop takes:
 * a large pool is listed slowly, and what the manager ends half-way it only begins anew. One thread
 * opens and closes it.
 */
final class MoreTime implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** Three requests may be late. */
  private static final Duration ASKED = PAUSE.multipliedBy(4);

  private final Thread thread;

  private MoreTime(Thread thread) {
    this.thread = thread;
  }

  /**
   * Asks until closed.
   *
   * @param atMost after which what is waited for counts as hung, and nothing more is asked for
   */
  static MoreTime of(NotifySocket manager, Duration atMost) {
    return of(manager, atMost, PAUSE);
  }

  static MoreTime of(NotifySocket manager, Duration atMost, Duration pause) {
    return new MoreTime(
        Thread.ofPlatform()
            .daemon()
            .name("more-time")
            .start(() -> ask(manager, System.nanoTime() + atMost.toNanos(), pause)));
  }

  private static void ask(NotifySocket manager, long end, Duration pause) {
    try {
      while (System.nanoTime() - end < 0) {
        askOnce(manager);
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      }
    } catch (InterruptedException _) {
      // It is not needed any longer.
    }
  }

  private static void askOnce(NotifySocket manager) {
    try {
      manager.extend(ASKED);
    } catch (IOException _) {
      // One that is started anew itself hears the next time.
    }
  }

  /** Asks for no more. Idempotent. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
