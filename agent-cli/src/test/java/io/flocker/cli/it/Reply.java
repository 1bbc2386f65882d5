package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.http.json.Json;
import io.flocker.http.problem.Problem;
import tools.jackson.databind.JsonNode;

/**
 * What a node answered.
 *
 * @param body the JSON document
 */
record Reply(int status, JsonNode body) {
  static Reply of(int status, String body) {
    return new Reply(status, Json.read(body.getBytes(UTF_8)));
  }

  /** The good answer that it is. */
  JsonNode succeed() {
    assertEquals(2, status / 100, () -> status + " " + body);
    return body;
  }

  /** The refusal that it is, for this reason. */
  FailureException fail(Failure expected) {
    FailureException failure = Problem.read(status, body);
    assertEquals(expected, failure.failure(), () -> status + " " + body);
    assertEquals(expected.status(), status);
    return failure;
  }
}
