package io.flocker.http.event;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventId;
import io.flocker.core.event.EventType;
import io.flocker.core.event.EventWriter;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.http.json.Json;
import io.flocker.http.schema.SchemaGate;
import io.flocker.http.schema.Violation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Writes events whose data fits its schema, {@code event-<family>}. One thread. */
public final class CheckedEvents implements EventWriter {
  /** An event may say much about one thing, and nothing about many. */
  private static final int MAX_LENGTH = 256 * 1024;

  private final SchemaGate gate =
      SchemaGate.ofOutputs(
          Stream.of(EventType.values()).map(CheckedEvents::schema).distinct().toList());

  @Override
  public Optional<String> write(EventId id, Event event) {
    try {
      return checked(id, event);
    } catch (RuntimeException e) {
      Action.traceback(e);
      return Optional.empty();
    }
  }

  private Optional<String> checked(EventId id, Event event) {
    JsonNode data = Json.tree(event.document());
    List<Violation> violations = gate.checkOutput(schema(event.type()), data);
    String text = EventText.event(id, event.type().toString(), data);
    if (violations.isEmpty() && text.length() <= MAX_LENGTH) {
      return Optional.of(text);
    }
    String reason = violations.isEmpty() ? "it is too long" : violations.toString();
    Action.message(
        MessageType.EVENT_WITHHELD,
        Map.of("event", id.toString(), "type", event.type().toString(), "reason", reason));
    return Optional.empty();
  }

  private static String schema(EventType type) {
    return "event-" + type.family();
  }
}
