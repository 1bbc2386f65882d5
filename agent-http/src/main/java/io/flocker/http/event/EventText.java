package io.flocker.http.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.event.EventId;
import io.flocker.http.json.Json;

/** Server-sent events as text (WHATWG HTML, section 9.2). */
final class EventText {
  /** How long a client waits before it reconnects. */
  private static final long RETRY_MILLIS = 2_000;

  private EventText() {}

  /** An event with the id that a client comes back with. */
  static String event(EventId id, String type, Object data) {
    // JSON has no line break of its own: one data line holds all of it.
    return "id: "
        + id
        + "\nevent: "
        + type
        + "\ndata: "
        + new String(Json.write(data), UTF_8)
        + "\n\n";
  }

  /** No event, but from now on a client comes back with this id. */
  static String position(EventId id) {
    return "id: " + id + "\n\n";
  }

  /** What comes first: where the client is, and when to come back. */
  static String greeting(EventId id) {
    return "retry: " + RETRY_MILLIS + "\n" + position(id);
  }

  /** No event: that the server lives. */
  static String comment() {
    return ":\n";
  }
}
