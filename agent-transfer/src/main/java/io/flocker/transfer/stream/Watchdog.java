package io.flocker.transfer.stream;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Tells once nothing has happened for so long. On its event loop only. */
final class Watchdog {
  private final EventExecutor loop;
  private final long limitNanos;
  private final Runnable alarm;
  private long touchedNanos = System.nanoTime();
  private ScheduledFuture<?> timer;

  Watchdog(EventExecutor loop, Duration limit, Runnable alarm) {
    this.loop = loop;
    this.limitNanos = limit.toNanos();
    this.alarm = alarm;
    this.timer = wakeIn(limitNanos);
  }

  /** Something has happened. Costs no more than reading the clock. */
  void touch() {
    touchedNanos = System.nanoTime();
  }

  /** Watches on after an alarm that was none. */
  void restart() {
    touch();
    timer = wakeIn(limitNanos);
  }

  /** Stops watching; idempotent. */
  void stop() {
    timer.cancel(false);
  }

  private ScheduledFuture<?> wakeIn(long nanos) {
    return loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    long leftNanos = touchedNanos + limitNanos - System.nanoTime();
    if (leftNanos <= 0) {
      alarm.run();
    } else {
      timer = wakeIn(leftNanos);
    }
  }
}
