package io.flocker.core.loop;

import io.flocker.core.log.Action;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Has somebody look around whenever something has happened, and now and then by itself. Owns the
 * one thread on which that is done, from {@link #start} to {@link #close}.
 */
public final class RoundLoop implements AutoCloseable {
  /** Whoever looks around. */
  public interface Rounds {
    /**
     * Looks around once, on the loop's thread, and begins whatever can begin.
     *
     * @return after what time to look again if nothing happens until then; empty if only something
     *     that happens makes it worth while
     */
    Optional<Duration> round();

    /** Begins nothing more; another thread may be in {@link #round}. Idempotent. */
    void close();
  }

  /** Things that happen within so short a time are looked at together. */
  private static final Duration GAP = Duration.ofMillis(200);

  /** After something that nobody foresaw. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final Rounds rounds;
  private final double jitter;
  private final Waker waker;
  private final Thread thread;

  private RoundLoop(String name, Rounds rounds, double jitter, Waker waker) {
    this.rounds = rounds;
    this.jitter = jitter;
    this.waker = waker;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  /**
   * Looks at once, and whenever {@code waker} is told that something has happened.
   *
   * @param name of the thread
   * @param jitter by what part of it a pause is longer at most: nodes that were told something at
   *     the same moment do not all look at the same one
   */
  public static RoundLoop start(String name, Rounds rounds, double jitter, Waker waker) {
    RoundLoop loop = new RoundLoop(name, rounds, jitter, waker);
    loop.thread.start();
    return loop;
  }

  /** Lets nothing more begin. Idempotent. */
  @Override
  public void close() {
    rounds.close();
    thread.interrupt();
    try {
      var _ = thread.join(CLOSING);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (await(look())) {
          Thread.sleep(GAP);
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private Optional<Duration> look() {
    try {
      return rounds.round();
    } catch (RuntimeException e) {
      Action.traceback(e);
      return Optional.of(PAUSE);
    }
  }

  /** Whether something has happened, which may have been the first of more. */
  private boolean await(Optional<Duration> pause) throws InterruptedException {
    if (pause.isEmpty()) {
      waker.await();
      return true;
    }
    double factor = 1 + jitter * ThreadLocalRandom.current().nextDouble();
    long nanos = (long) (pause.get().toNanos() * factor);
    return waker.await(Math.max(nanos, GAP.toNanos()));
  }
}
