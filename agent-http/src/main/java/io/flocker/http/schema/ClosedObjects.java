package io.flocker.http.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Closes a schema: no object may have a member that the schema does not name.
 *
 * <p>What judges the same object again ({@code allOf} and its like) stays open, since each branch
 * meets its siblings' members too; the object around it is closed over all of them.
 */
final class ClosedObjects {
  /** Sees through {@code allOf} and {@code $ref} (JSON Schema 2020-12, section 11.3). */
  private static final String CLOSED = "unevaluatedProperties";

  /** Keywords that hold schemas by name (JSON Schema 2020-12, sections 8.2.4 and 10.3.2). */
  private static final List<String> NAMED = List.of("$defs", "properties", "patternProperties");

  /** Keywords that hold one schema for parts of the value (ibidem, section 10.3). */
  private static final List<String> SINGLE = List.of("items", "contains", "additionalProperties");

  private ClosedObjects() {}

  /** Closes {@code schema} in place and returns it. */
  static JsonNode in(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      boolean isOpen = !object.has("additionalProperties") && !object.has(CLOSED);
      if (isOpen && object.has("properties")) {
        object.put(CLOSED, false);
      }
      NAMED.forEach(keyword -> object.path(keyword).values().forEach(ClosedObjects::in));
      SINGLE.forEach(keyword -> in(object.path(keyword)));
      object.path("prefixItems").values().forEach(ClosedObjects::in);
    }
    return schema;
  }
}
