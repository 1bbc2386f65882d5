package io.flocker.http.schema;

import io.flocker.core.failure.Excerpt;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a newer node demands to be understood: the member {@code must} of a request names the
 * members that may not be ignored.
 */
final class Requirements {
  private static final String MUST = "must";

  private Requirements() {}

  static void check(JsonNode schema, JsonNode body) throws FailureException {
    JsonNode must = body.path(MUST);
    if (must.isMissingNode() || isClosed(schema)) {
      return;
    }
    if (!must.isArray()) {
      throw RequestFailure.MALFORMED_REQUEST.because("'must' is not an array of member names.");
    }
    List<String> told = new ArrayList<>();
    int unknown = 0;
    for (JsonNode name : must.values()) {
      String text = name.asString("");
      if (!schema.path("properties").has(text) && unknown++ < Excerpt.MOST_TOLD) {
        told.add(Excerpt.of(text, Excerpt.OF_A_NAME));
      }
    }
    if (unknown > 0) {
      throw RequestFailure.UNSUPPORTED_REQUIREMENT
          .because("This version does not understand " + unknown + " members that it must.")
          .with("count", unknown)
          .with("members", told);
    }
  }

  /** Such a schema refuses what it does not know anyway. */
  private static boolean isClosed(JsonNode schema) {
    return schema.path("additionalProperties").isBoolean();
  }
}
