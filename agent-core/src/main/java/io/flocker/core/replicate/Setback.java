package io.flocker.core.replicate;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.Retry;
import io.flocker.core.failure.Side;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.retry.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * That the last tries to bring a copy up to date have failed.
 *
 * @param kind of the last one
 * @param tries how many in a row, at least 1
 * @param at when the last one failed
 * @param problem its problem document
 * @param nextTry when it is tried again
 */
public record Setback(
    Kind kind, int tries, Instant at, Map<String, Object> problem, Instant nextTry) {
  /** What a failure has to be waited for. */
  public enum Kind {
    /** Somebody else works on the volume, here or there, and will be done. */
    BUSY(Duration.ofMillis(500), Duration.ofSeconds(5)),
    /** The peer cannot be reached: the first answer of it ends the pause. */
    LINK(Duration.ofSeconds(1), Duration.ofSeconds(10)),
    /** Both sides are to be asked anew what they have. */
    ANEW(Duration.ofSeconds(1), Duration.ofSeconds(30)),
    /** Something is full, away or too busy, at either side. */
    LATER(Duration.ofSeconds(2), Duration.ofSeconds(20)),
    /** Somebody has to change something first; who has need not say so. */
    HOPELESS(Duration.ofSeconds(10), Duration.ofMinutes(2));

    private final Duration first;
    private final Duration longest;

    Kind(Duration first, Duration longest) {
      this.first = first;
      this.longest = longest;
    }

    /** The kind of a failure. */
    static Kind of(Failure failure) {
      if (failure == OwnershipFailure.VOLUME_LOCKED
          || failure == TransferFailure.RECEIVE_IN_PROGRESS
          || failure == TransferFailure.CANCELLED
          || failure == RequestFailure.TOO_MANY_REQUESTS) {
        return BUSY;
      }
      if (failure.retry() == Retry.NEVER) {
        return HOPELESS;
      }
      if (failure.side() == Side.LINK) {
        return LINK;
      }
      return failure.retry() == Retry.LATER ? LATER : ANEW;
    }
  }

  /**
   * One more failure.
   *
   * @param before how many there were in a row
   */
  static Setback after(int before, FailureException failure, Instant now) {
    Kind kind = Kind.of(failure.failure());
    int tries = before + 1;
    return new Setback(
        kind,
        tries,
        now,
        failure.document(),
        now.plus(Pauses.after(tries, kind.first, kind.longest)));
  }

  /**
   * The same, tried again no later than its kind wants it: the clock may have been set back since.
   */
  Setback goingOn(Instant now) {
    Instant latest = now.plus(kind.longest);
    return nextTry.isAfter(latest) ? new Setback(kind, tries, at, problem, latest) : this;
  }

  /** The same, to be tried again at once. */
  Setback due(Instant now) {
    return new Setback(kind, tries, at, problem, now);
  }
}
