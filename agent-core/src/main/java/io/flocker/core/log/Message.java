package io.flocker.core.log;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.message.MapMessage;

/** Turns one Eliot message into one Log4j2 event of the logger {@value #LOGGER}. */
final class Message extends MapMessage<Message, Object> {
  static final String LOGGER = "eliot";

  private static final long serialVersionUID = 1;

  private static final Logger ELIOT = LogManager.getLogger(LOGGER);

  private Message() {}

  static void writeStatus(
      UUID task, List<Integer> level, ActionType type, String status, Map<String, ?> fields) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("action_status", status);
    all.putAll(fields);
    write(task, level, "action_type", type.toString(), all);
  }

  static void write(
      UUID task, List<Integer> level, String typeField, String type, Map<String, ?> fields) {
    Message message = new Message();
    message.with("task_uuid", task.toString());
    message.with("task_level", level);
    message.with(typeField, type);
    fields.forEach(message::with);
    ELIOT.info(message);
  }
}
