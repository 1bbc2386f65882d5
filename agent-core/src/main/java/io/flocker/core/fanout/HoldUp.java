package io.flocker.core.fanout;

import java.time.Duration;

/**
 * How long one reader of a shared stream keeps the others waiting. On one thread; times of {@link
 * System#nanoTime}.
 *
 * <p>They wait for it no longer than the patience at a time, and in all no longer than that and
 * half of the time that the stream would have taken without it: what is a little slower goes along,
 * what has stopped does not.
 */
final class HoldUp {
  private static final int SHARE = 2;

  private final long patienceNanos;
  private final long begunNanos;
  private long inARowNanos;
  private long inAllNanos;

  HoldUp(Duration patience, long nowNanos) {
    this.patienceNanos = patience.toNanos();
    this.begunNanos = nowNanos;
  }

  /** It has taken something. */
  void moved() {
    inARowNanos = 0;
  }

  /** The others have waited for it. */
  void waited(long nanos) {
    inARowNanos += nanos;
    inAllNanos += nanos;
  }

  /** Whether that was too long. */
  boolean isTooLong(long nowNanos) {
    long withoutIt = nowNanos - begunNanos - inAllNanos;
    return inARowNanos >= patienceNanos || inAllNanos >= patienceNanos + withoutIt / SHARE;
  }

  /** How long they have waited in all. */
  Duration inAll() {
    return Duration.ofNanos(inAllNanos);
  }
}
