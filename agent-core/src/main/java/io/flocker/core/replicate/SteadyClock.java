package io.flocker.core.replicate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Tells the time as the wall clock does, for whom its order and its durations matter: it never goes
 * back, and where the wall clock was set it follows by going a quarter faster or slower, so that no
 * wait looks much longer or shorter than it is. Any thread may call.
 *
 * <p>A wall clock that is more than a day ahead is followed at once: a machine without a battery
 * has then heard for the first time what day it is. One that is behind by as much is never jumped
 * back to: a daemon that began in the future is best started again.
 */
public final class SteadyClock implements InstantSource {
  private static final int SLEW = 4;
  private static final Duration TOO_FAR = Duration.ofDays(1);

  private final InstantSource wall;
  private final LongSupplier nanos;
  private Instant shown;
  private long shownAt;

  /**
   * One that begins as the wall clock.
   *
   * @param nanos a count that nobody sets, as {@link System#nanoTime} is
   */
  SteadyClock(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.shown = wall.instant();
    this.shownAt = nanos.getAsLong();
  }

  /** One of this machine. */
  public static SteadyClock ofThisMachine() {
    return new SteadyClock(InstantSource.system(), System::nanoTime);
  }

  @Override
  public synchronized Instant instant() {
    long now = nanos.getAsLong();
    long elapsed = Math.max(0, now - shownAt);
    shownAt = now;
    Instant wanted = wall.instant();
    Duration lacking = Duration.between(shown, wanted);
    if (lacking.compareTo(TOO_FAR) > 0) {
      shown = wanted;
    } else {
      long slewed = elapsed / SLEW;
      Duration least = Duration.ofNanos(elapsed - slewed);
      Duration most = Duration.ofNanos(elapsed + slewed);
      shown = shown.plus(clamp(lacking, least, most));
    }
    return shown;
  }

  private static Duration clamp(Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0) {
      return least;
    }
    return value.compareTo(most) > 0 ? most : value;
  }
}
