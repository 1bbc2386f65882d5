package io.flocker.http.docker;

import java.time.Duration;

/** When something has to be over. Any thread. */
record Deadline(long nanos) {
  /** As long from now. */
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** How long that still is; negative once it is over. */
  Duration left() {
    return Duration.ofNanos(nanos - System.nanoTime());
  }
}
