package io.flocker.http.docker;

import java.time.Duration;

/**
 * How long an engine is waited for that only has to look something up.
 *
 * @param one for one container among others, of which it knows all by heart
 * @param all for all of them, however many hang
 * @param log for the last lines of one, from its first byte to its end
 */
record Patience(Duration one, Duration all, Duration log) {
  static final Patience USUAL =
      new Patience(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));
}
