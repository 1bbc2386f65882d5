package io.flocker.core.deploy.converge;

import io.flocker.core.log.Action;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Has a {@link Convergence} look around whenever something has happened, and now and then by
 * itself. Owns the one thread on which that is done, from {@link #start} to {@link #close}.
 */
public final class ConvergenceLoop implements AutoCloseable {
  /** Several things that happen at once are looked at once. */
  private static final Duration GAP = Duration.ofMillis(200);

  /** After something that nobody foresaw. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final Duration CLOSING = Duration.ofSeconds(2);

  /** All nodes were told at the same moment: they do not all look at the same one. */
  private static final double JITTER = 0.2;

  private final Convergence convergence;
  private final Waker waker;
  private final Thread thread;

  private ConvergenceLoop(Convergence convergence, Waker waker) {
    this.convergence = convergence;
    this.waker = waker;
    this.thread = Thread.ofVirtual().name("convergence").unstarted(this::run);
  }

  /** Looks at once, and whenever {@code waker} is told that something has happened. */
  public static ConvergenceLoop start(Convergence convergence, Waker waker) {
    ConvergenceLoop loop = new ConvergenceLoop(convergence, waker);
    loop.thread.start();
    return loop;
  }

  /** Lets nothing more begin. Idempotent. */
  @Override
  public void close() {
    convergence.close();
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
        await(look());
        Thread.sleep(GAP);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private Optional<Duration> look() {
    try {
      return convergence.round();
    } catch (RuntimeException e) {
      Action.traceback(e);
      return Optional.of(PAUSE);
    }
  }

  private void await(Optional<Duration> pause) throws InterruptedException {
    if (pause.isPresent()) {
      double factor = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
      waker.await((long) (pause.get().toNanos() * factor));
    } else {
      waker.await();
    }
  }
}
