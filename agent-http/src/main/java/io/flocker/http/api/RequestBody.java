package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonRequest;
import tools.jackson.core.JacksonException;

/**
 * A body as a record. Some values fit their schema and are none all the same: port 70000, or {@code
 * 1.0} where an integer belongs.
 */
final class RequestBody {
  private RequestBody() {}

  /**
   * Reads the body of {@code request}.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} naming the value
   */
  static <T> T read(JsonRequest request, Class<T> type) throws FailureException {
    try {
      return Json.convert(request.body(), type);
    } catch (JacksonException e) {
      String refusal =
          e.getCause() instanceof IllegalArgumentException cause
              ? String.valueOf(cause.getMessage())
              : e.getOriginalMessage();
      throw RequestFailure.MALFORMED_REQUEST.because(refusal).causedBy(e);
    }
  }
}
