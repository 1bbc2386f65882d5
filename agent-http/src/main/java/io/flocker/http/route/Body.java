package io.flocker.http.route;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a request or a response carries.
 *
 * @param schema name of its schema, or of each event's data, such as {@code volume-create}; empty
 *     for what is not JSON
 * @param example empty where the first one that its schema gives will do
 */
public record Body(String mediaType, Optional<String> schema, Optional<JsonNode> example) {
  /** The media type of JSON. */
  public static final String JSON = "application/json";

  /** The media type of server-sent events (WHATWG HTML, section 9.2). */
  public static final String EVENTS = "text/event-stream";

  static Body json(String schema) {
    return new Body(JSON, Optional.of(schema), Optional.empty());
  }

  static Body of(String mediaType) {
    return new Body(mediaType, Optional.empty(), Optional.empty());
  }

  Body with(JsonNode document) {
    return new Body(mediaType, schema, Optional.of(document));
  }
}
