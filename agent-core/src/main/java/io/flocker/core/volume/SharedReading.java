package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who ask for the same at the same time share one answer, which is never older than
 * anybody's question: one reading at a time, and what it holds in memory once. Any thread; blocks.
 */
final class SharedReading<T> {
  /** What is asked. */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws FailureException;
  }

  /** One reading, for all who asked before it began. */
  private static final class Round<T> {
    private boolean hasBegun;
    private @Nullable T answer;
    private @Nullable FailureException failure;
  }

  private final Reading<T> reading;
  private final ReentrantLock turn = new ReentrantLock();
  private Round<T> next = new Round<>();

  SharedReading(Reading<T> reading) {
    this.reading = reading;
  }

  /** What is there now. */
  T read() throws FailureException {
    Round<T> mine = join();
    turn.lock();
    try {
      if (begins(mine)) {
        run(mine);
      }
    } finally {
      turn.unlock();
    }
    if (mine.answer != null) {
      return mine.answer;
    }
    if (mine.failure == null || mine.failure.failure() == TransferFailure.CANCELLED) {
      return reading.read(); // Only whoever ran it was told to stop.
    }
    throw mine.failure;
  }

  private synchronized Round<T> join() {
    return next;
  }

  /** Whoever comes to his turn first runs it, and those who ask from now on wait for another. */
  private synchronized boolean begins(Round<T> mine) {
    if (mine.hasBegun) {
      return false;
    }
    mine.hasBegun = true;
    next = new Round<>();
    return true;
  }

  private void run(Round<T> mine) throws FailureException {
    try {
      mine.answer = reading.read();
    } catch (FailureException e) {
      mine.failure = e;
      throw e;
    }
  }
}
