package io.flocker.transfer.stream;

import io.netty.util.concurrent.EventExecutor;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets bytes through no faster than a {@link RateSource} has it at the moment: what it says counts
 * within a quarter of a second, for a stream that waits, too. Loop only.
 */
final class Valve {
  /** How often the source is asked how fast it may go. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final EventExecutor loop;
  private final RateSource source;
  private final Runnable opened;
  private @Nullable RateLimit limit;
  private long lookedNanos;
  private @Nullable ScheduledFuture<?> opening;

  /**
   * Begins open.
   *
   * @param opened called whenever a closed valve has opened
   */
  Valve(EventExecutor loop, RateSource source, Runnable opened) {
    this.loop = loop;
    this.source = source;
    this.opened = opened;
    look(System.nanoTime());
  }

  /** Takes account of bytes that have passed, which may close it for a while. */
  void pass(int bytes) {
    long nowNanos = System.nanoTime();
    lookAgain(nowNanos);
    if (limit != null) {
      limit.pass(bytes, nowNanos);
      long wait = limit.waitNanos(nowNanos);
      if (wait > 0 && opening == null) {
        openIn(wait);
      }
    }
  }

  boolean isOpen() {
    return opening == null;
  }

  /** Nothing is called any more. Idempotent. */
  void stop() {
    if (opening != null) {
      opening.cancel(false);
    }
  }

  private void lookAgain(long nowNanos) {
    if (nowNanos - lookedNanos >= LOOK_NANOS) {
      look(nowNanos);
    }
  }

  private void look(long nowNanos) {
    lookedNanos = nowNanos;
    OptionalLong rate = source.bytesPerSecond();
    if (rate.isEmpty()) {
      limit = null;
    } else if (limit == null) {
      limit = new RateLimit(rate.getAsLong(), nowNanos);
    } else {
      limit.change(rate.getAsLong(), nowNanos);
    }
  }

  private void openIn(long nanos) {
    opening = loop.schedule(this::open, Math.min(nanos, LOOK_NANOS), TimeUnit.NANOSECONDS);
  }

  private void open() {
    long nowNanos = System.nanoTime();
    lookAgain(nowNanos);
    long wait = limit == null ? 0 : limit.waitNanos(nowNanos);
    if (wait > 0) {
      openIn(wait);
    } else {
      opening = null;
      opened.run();
    }
  }
}
