package io.flocker.core.retry;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The pauses between the tries of one thing: each twice as long as the one before, up to a longest,
 * until the time is over or there were enough of them. One thread.
 */
public final class Backoff {
  /** Sleeps, or waits for something else for so long at most; a test does not. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
  }

  private final Duration first;
  private final Duration longest;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private Duration next;
  private long deadlineNanos;
  private boolean hasDeadline;
  private int left = Integer.MAX_VALUE;

  Backoff(Duration first, Duration longest, LongSupplier nanoTime, Sleeper sleeper) {
    this.first = first;
    this.longest = longest;
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.next = first;
  }

  /** Pauses from {@code first} to {@code longest}, for ever unless told otherwise. */
  public static Backoff from(Duration first, Duration longest) {
    return new Backoff(first, longest, System::nanoTime, Thread::sleep);
  }

  /** The same, each spent by {@code sleeper}, which may end it early. */
  public static Backoff from(Duration first, Duration longest, Sleeper sleeper) {
    return new Backoff(first, longest, System::nanoTime, sleeper);
  }

  /** Pauses that are all the same, for ever unless told otherwise. */
  public static Backoff every(Duration pause) {
    return from(pause, pause);
  }

  /** Ends {@code patience} from now: no pause goes beyond that. */
  public Backoff within(Duration patience) {
    deadlineNanos = nanoTime.getAsLong() + patience.toNanos();
    hasDeadline = true;
    return this;
  }

  /** Ends after so many pauses. */
  public Backoff atMost(int pauses) {
    left = pauses;
    return this;
  }

  /**
   * Pauses before the next try.
   *
   * @return whether there is to be one; if not, this has not paused
   */
  public boolean pause() throws InterruptedException {
    boolean hasPaused = pause(next);
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return hasPaused;
  }

  /** The same for as long as the other side has asked for. */
  public boolean pause(Duration asked) throws InterruptedException {
    if (isOverAfter(asked)) {
      return false;
    }
    left--;
    sleeper.sleep(asked);
    return true;
  }

  /** Whether {@link #pause} would not pause. */
  public boolean isOver() {
    return isOverAfter(next);
  }

  /** Begins anew with the first pause: something went well. What ends it stays as it is. */
  public void reset() {
    next = first;
  }

  private boolean isOverAfter(Duration asked) {
    return left <= 0 || (hasDeadline && nanoTime.getAsLong() + asked.toNanos() - deadlineNanos > 0);
  }
}
