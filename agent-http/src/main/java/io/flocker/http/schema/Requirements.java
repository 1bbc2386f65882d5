package io.flocker.http.schema;

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
    List<String> unknown = new ArrayList<>();
    for (JsonNode name : must.values()) {
      String text = name.asString("");
      if (!schema.path("properties").has(text)) {
        unknown.add(text);
      }
    }
    if (!unknown.isEmpty()) {
      throw RequestFailure.UNSUPPORTED_REQUIREMENT
          .because("This version does not understand the members " + unknown + ".")
          .with("members", unknown);
    }
  }

  /** Such a schema refuses what it does not know anyway. */
  private static boolean isClosed(JsonNode schema) {
    return schema.path("additionalProperties").isBoolean();
  }
}
