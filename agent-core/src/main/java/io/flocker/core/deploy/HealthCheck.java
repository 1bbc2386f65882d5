package io.flocker.core.deploy;

import java.time.Duration;
import java.util.List;

/**
 * How an engine finds out whether an application is healthy.
 *
 * @param test begins with {@code CMD} (arguments follow), {@code CMD-SHELL} (one line for a shell
 *     follows) or {@code NONE} (the image's own test is not made), as engines have it
 * @param interval between two tests; 30 s where JSON does not say
 * @param timeout after which a test has failed; 30 s where JSON does not say
 * @param startPeriod within which a failure does not count; 0 where JSON does not say
 * @param retries after how many failures it is unhealthy, at least 1; 3 where JSON does not say
 */
public record HealthCheck(
    List<String> test, Duration interval, Duration timeout, Duration startPeriod, int retries) {
  /** Of intervals and timeouts, as engines have it. */
  public static final Duration USUAL = Duration.ofSeconds(30);

  /** How often a test fails before it counts, as engines have it. */
  public static final int USUAL_RETRIES = 3;

  /** The shortest time that engines take. */
  private static final Duration LEAST = Duration.ofMillis(1);

  public HealthCheck {
    test = List.copyOf(test);
    interval = interval == null ? USUAL : interval;
    timeout = timeout == null ? USUAL : timeout;
    startPeriod = startPeriod == null ? Duration.ZERO : startPeriod;
    retries = retries == 0 ? USUAL_RETRIES : retries;
    boolean isTest =
        switch (test.isEmpty() ? "" : test.getFirst()) {
          case "CMD" -> test.size() > 1;
          case "CMD-SHELL" -> test.size() == 2;
          case "NONE" -> test.size() == 1;
          default -> false;
        };
    if (!isTest) {
      throw new IllegalArgumentException(
          "a test is CMD with its arguments, CMD-SHELL with one line, or NONE, not " + test);
    }
    if (interval.compareTo(LEAST) < 0 || timeout.compareTo(LEAST) < 0 || startPeriod.isNegative()) {
      throw new IllegalArgumentException(
          "the interval and the timeout of a test are at least 1 ms");
    }
    Copies.atLeast(1, retries, "a number of retries");
  }

  /** A test with the usual times. */
  public static HealthCheck of(List<String> test) {
    return new HealthCheck(test, USUAL, USUAL, Duration.ZERO, USUAL_RETRIES);
  }
}
