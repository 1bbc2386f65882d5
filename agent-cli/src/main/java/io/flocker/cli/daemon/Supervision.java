package io.flocker.cli.daemon;

import io.flocker.core.log.Action;
import io.flocker.core.os.NotifySocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells the service manager, round after round, what the daemon does, and that it lives. Owns the
 * one thread on which that is done, from {@link #start} to {@link #close}: a platform thread, since
 * mounts that hang may keep all that virtual ones run on.
 *
 * <p>What {@code zfs} does is told and not judged: a command that hangs outlives the daemon, the
 * next one would wait for it too, and transfers of other volumes would have been cut for nothing.
 */
final class Supervision implements AutoCloseable {
  /** Between two rounds, unless a watchdog is less patient. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** How many pauses fit into what the watchdog allows at least; a round takes time as well. */
  private static final int PAUSES = 4;

  /** What is looked at. */
  interface Vitals {
    /** Whether all that nothing works without has answered; blocks, for below 100 s. */
    boolean areFine();

    /** What is being done, in a line for people. */
    String doing();
  }

  private final NotifySocket manager;
  private final boolean isWatched;
  private final Vitals vitals;
  private final Duration pause;
  private final Thread thread;
  private String told = "";
  private boolean isTroubled;

  private Supervision(NotifySocket manager, Optional<Duration> watchdog, Vitals vitals) {
    this.manager = manager;
    this.isWatched = watchdog.isPresent();
    this.vitals = vitals;
    this.pause =
        watchdog
            .map(patience -> patience.dividedBy(PAUSES))
            .filter(part -> part.compareTo(PAUSE) < 0)
            .orElse(PAUSE);
    this.thread = Thread.ofPlatform().daemon().name("supervision").unstarted(this::run);
  }

  /**
   * Starts the first round at once.
   *
   * @param watchdog how long the manager waits for a sign of life; empty if it waits for none
   */
  static Supervision start(NotifySocket manager, Optional<Duration> watchdog, Vitals vitals) {
    Supervision supervision = new Supervision(manager, watchdog, vitals);
    supervision.thread.start();
    return supervision;
  }

  /** Tells no more. Idempotent. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        round();
        Thread.sleep(pause);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /** A round that fails is no sign of life, and the next one may be one again. */
  private void round() {
    try {
      tellStatus();
      if (isWatched && vitals.areFine()) {
        manager.alive();
      }
      isTroubled = false;
    } catch (IOException | RuntimeException e) {
      if (!isTroubled) {
        Action.traceback(e);
      }
      isTroubled = true;
    }
  }

  private void tellStatus() throws IOException {
    String now = vitals.doing();
    if (!now.equals(told)) {
      manager.status(now);
      told = now;
    }
  }
}
