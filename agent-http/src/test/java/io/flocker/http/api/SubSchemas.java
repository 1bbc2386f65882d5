package io.flocker.http.api;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Finds the schemas inside a schema, by the keywords of the 2020-12 applicator vocabulary. */
final class SubSchemas {
  private static final Set<String> BY_NAME =
      Set.of("$defs", "properties", "patternProperties", "dependentSchemas");
  private static final Set<String> IN_LIST = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> SINGLE =
      Set.of(
          "items",
          "contains",
          "additionalProperties",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties",
          "if",
          "then",
          "else",
          "not");

  private SubSchemas() {}

  /** {@code schema} and all below it; the two that are booleans are left out. */
  static Stream<JsonNode> of(JsonNode schema) {
    if (!schema.isObject()) {
      return Stream.empty();
    }
    return Stream.concat(
        Stream.of(schema),
        schema.properties().stream().flatMap(SubSchemas::below).flatMap(SubSchemas::of));
  }

  private static Stream<JsonNode> below(Map.Entry<String, JsonNode> keyword) {
    if (SINGLE.contains(keyword.getKey())) {
      return Stream.of(keyword.getValue());
    }
    boolean isMany = BY_NAME.contains(keyword.getKey()) || IN_LIST.contains(keyword.getKey());
    return isMany ? keyword.getValue().valueStream() : Stream.empty();
  }
}
