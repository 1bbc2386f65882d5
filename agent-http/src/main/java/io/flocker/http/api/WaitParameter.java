package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.Parameter;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The query parameter {@code wait}: how long an answer may take while nothing has happened. */
final class WaitParameter {
  /** Below what idle connections are usually given. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,3})s");

  private WaitParameter() {}

  /**
   * Reads the parameter; zero where it is absent.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} if it is not seconds, 60 at most
   */
  static Duration of(JsonRequest request) throws FailureException {
    String text = request.parameter(Parameter.WAIT).orElse("0s");
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.matches()) {
      Duration wait = Duration.ofSeconds(Long.parseLong(seconds.group(1)));
      if (wait.compareTo(LONGEST) <= 0) {
        return wait;
      }
    }
    throw RequestFailure.MALFORMED_REQUEST.because(
        "wait is whole seconds up to "
            + LONGEST.toSeconds()
            + "s, such as 30s, not '"
            + text
            + "'");
  }
}
