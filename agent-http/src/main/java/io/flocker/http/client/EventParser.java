package io.flocker.http.client;

import io.flocker.http.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/** Puts the lines of server-sent events together (WHATWG HTML, section 9.2.6). One thread. */
final class EventParser {
  /** Of a line, and of an event's data: four times what a node sends at most. */
  static final int MOST_CHARACTERS = 1 << 20;

  private String id = "";
  private String nextId = "";
  private String type = "";
  private final StringBuilder data = new StringBuilder();

  /** The id to come back with: of what has come whole. Empty before the first. */
  String id() {
    return id;
  }

  /**
   * Takes the next line.
   *
   * @return the event that it ends, if it ends one
   * @throws JacksonException if the event's data is no JSON
   * @throws BoundedLines.TooLongException if an event has more data than is read here
   */
  Optional<NodeEvent> take(String line) throws BoundedLines.TooLongException {
    if (line.isEmpty()) {
      return end();
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    set(field, value.startsWith(" ") ? value.substring(1) : value);
    return Optional.empty();
  }

  private void set(String field, String value) throws BoundedLines.TooLongException {
    if (data.length() + value.length() > MOST_CHARACTERS) {
      throw new BoundedLines.TooLongException("an event", MOST_CHARACTERS);
    }
    switch (field) {
      case "id" -> nextId = value;
      case "event" -> type = value;
      case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
      default -> {
        // A comment, or what this version does not know.
      }
    }
  }

  private Optional<NodeEvent> end() {
    id = nextId;
    String text = data.toString();
    String ended = type;
    data.setLength(0);
    type = "";
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(new NodeEvent(id, ended, Json.read(text.getBytes(StandardCharsets.UTF_8))));
  }
}
