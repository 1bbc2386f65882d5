package io.flocker.http.describe;

import tools.jackson.databind.JsonNode;

/** One method of one path, as the OpenAPI document has it. */
record Operation(String method, String path, JsonNode node) {
  String id() {
    return node.path("operationId").asString();
  }

  String summary() {
    return node.path("summary").asString();
  }
}
