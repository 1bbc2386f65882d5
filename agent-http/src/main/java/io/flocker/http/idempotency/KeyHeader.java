package io.flocker.http.idempotency;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.route.JsonRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Idempotency-Key}, which callers write with or without the quotes. */
final class KeyHeader {
  private static final String NAME = "idempotency-key";

  /** A string of RFC 9651, section 3.3.3, that needs no escapes. */
  private static final Pattern VALUE = Pattern.compile("(\"?)([\\x20-\\x7e&&[^\"\\\\]]{1,255})\\1");

  private KeyHeader() {}

  /**
   * The key of a request; empty where it bears none.
   *
   * @throws FailureException {@code MALFORMED_REQUEST}
   */
  static Optional<String> of(JsonRequest request) throws FailureException {
    String text = request.headers().get(NAME);
    if (text == null) {
      return Optional.empty();
    }
    var value = VALUE.matcher(text);
    if (!value.matches()) {
      throw RequestFailure.MALFORMED_REQUEST.because(
          "an Idempotency-Key has 1 to 255 printable characters of ASCII without quotes and"
              + " backslashes, such as a random uuid");
    }
    return Optional.of(value.group(2));
  }
}
