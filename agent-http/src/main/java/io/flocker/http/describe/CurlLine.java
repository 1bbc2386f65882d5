package io.flocker.http.describe;

import io.flocker.http.json.Json;
import io.flocker.http.route.Body;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How {@code curl} calls an operation, for a shell in which {@code $node} and {@code $tls} are what
 * the introduction says: with what a call has to say, and what its examples are. Any thread.
 */
final class CurlLine {
  private final JsonNode document;

  /** Lines for the operations of that OpenAPI document. */
  CurlLine(JsonNode document) {
    this.document = document;
  }

  String of(Operation operation) {
    StringBuilder line = new StringBuilder("curl $tls ");
    if (operation.node().at("/responses/200/content").has(Body.EVENTS)) {
      line.append("-N ");
    }
    if (!operation.method().equals("GET")) {
      line.append("-X ").append(operation.method()).append(' ');
    }
    line.append("\"$node").append(target(operation)).append('"');
    for (Map.Entry<String, JsonNode> media :
        operation.node().at("/requestBody/content").properties()) {
      line.append(" \\\n  -H ").append(quoted("Content-Type: " + media.getKey()));
      JsonNode example = media.getValue().path("example");
      line.append(
          example.isMissingNode()
              ? " --data-binary @FILE"
              : " \\\n  -d " + quoted(new String(Json.write(example), StandardCharsets.UTF_8)));
    }
    return line.toString();
  }

  private String target(Operation operation) {
    String path = operation.path();
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : operation.node().path("parameters")) {
      String name = parameter.path("name").asString();
      String place = parameter.path("in").asString();
      if (place.equals("path")) {
        path = path.replace("{" + name + "}", value(parameter));
      } else if (place.equals("query") && parameter.path("required").asBoolean()) {
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(value(parameter));
      }
    }
    return path + query;
  }

  /** Its own example, or the first one of its schema. */
  private String value(JsonNode parameter) {
    JsonNode own = parameter.path("example");
    JsonNode said = parameter.path("schema");
    JsonNode schema =
        said.has("$ref") ? document.at(said.path("$ref").asString().substring(1)) : said;
    return (own.isMissingNode() ? schema.at("/examples/0") : own).asString();
  }

  /** As one word of a shell, whatever is in it. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
