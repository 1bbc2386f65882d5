package io.flocker.core.log;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.message.MapMessage;
import org.jspecify.annotations.Nullable;

/** One Eliot message as Log4j2 takes it; its fields are plain JSON and its own. */
final class Message extends MapMessage<Message, @Nullable Object> {
  private static final long serialVersionUID = 1;
  private static final List<Integer> LONE = List.of(1);

  private final String task;
  private final String type;

  private Message(UUID task, List<Integer> level, String typeField, String type) {
    this.task = task.toString();
    this.type = type;
    with("task_uuid", this.task);
    with("task_level", level);
    with(typeField, type);
  }

  /** The start or the end of an action. */
  static Message status(
      UUID task, List<Integer> level, ActionType type, String status, Map<String, ?> fields) {
    return new Message(task, level, "action_type", type.toString())
        .with("action_status", status)
        .withAll(fields);
  }

  /** A message of an action. */
  static Message of(UUID task, List<Integer> level, MessageType type, Map<String, ?> fields) {
    return new Message(task, level, "message_type", type.toString()).withAll(fields);
  }

  /** A message that belongs to no action: a task of its own. */
  static Message lone(MessageType type, Map<String, ?> fields) {
    return of(UUID.randomUUID(), LONE, type, fields);
  }

  /** What a library logged, as a message of ours. */
  static Message ofLibrary(LogEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("logger", String.valueOf(event.getLoggerName()));
    fields.put("level", event.getLevel().name());
    fields.put("message", String.valueOf(event.getMessage().getFormattedMessage()));
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      fields.putAll(Exceptions.withTraceback(thrown));
    }
    return lone(MessageType.LIBRARY, fields);
  }

  /** The value of {@code task_uuid}. */
  String task() {
    return task;
  }

  /** The value of {@code action_type} or {@code message_type}. */
  String type() {
    return type;
  }

  private Message withAll(Map<String, ?> fields) {
    FieldCopy.of(fields).forEach(this::with);
    return this;
  }
}
