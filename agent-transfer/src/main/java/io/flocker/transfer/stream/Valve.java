package io.flocker.transfer.stream;

import io.netty.util.concurrent.EventExecutor;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lets bytes through no faster than a {@link RateLimit} has it, if there is one. Loop only. */
final class Valve {
  private final EventExecutor loop;
  private final @Nullable RateLimit limit;
  private final Runnable opened;
  private @Nullable ScheduledFuture<?> opening;

  /**
   * Begins open.
   *
   * @param bytesPerSecond empty for a stream that may go as fast as it can
   * @param opened called whenever a closed valve has opened
   */
  Valve(EventExecutor loop, OptionalLong bytesPerSecond, Runnable opened) {
    this.loop = loop;
    this.limit =
        bytesPerSecond.isPresent()
            ? new RateLimit(bytesPerSecond.getAsLong(), System.nanoTime())
            : null;
    this.opened = opened;
  }

  /** Takes account of bytes that have passed, which may close it for a while. */
  void pass(int bytes) {
    if (limit == null) {
      return;
    }
    long nowNanos = System.nanoTime();
    limit.pass(bytes, nowNanos);
    openIn(limit.waitNanos(nowNanos));
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

  private void openIn(long nanos) {
    if (nanos > 0 && opening == null) {
      opening = loop.schedule(this::open, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void open() {
    opening = null;
    opened.run();
  }
}
