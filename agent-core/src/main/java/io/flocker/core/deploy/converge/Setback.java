package io.flocker.core.deploy.converge;

import io.flocker.core.retry.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * That changes of an object have failed.
 *
 * @param tries how many in a row, at least 1
 * @param problem the last one's problem document
 * @param notBefore when it may be tried again
 */
record Setback(int tries, Map<String, Object> problem, Instant notBefore) {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** One that follows {@code before} failures. */
  static Setback after(int before, Map<String, Object> problem, Instant now) {
    int tries = before + 1;
    return new Setback(tries, problem, now.plus(Pauses.after(tries, FIRST, LONGEST)));
  }
}
