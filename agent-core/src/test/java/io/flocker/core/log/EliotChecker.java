package io.flocker.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.id.Uuids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says what is wrong with a log: lines that are no Eliot messages, and tasks that are not whole.
 *
 * <p>A task may be spread over the files of several nodes: add them all, then ask.
 */
public final class EliotChecker {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** 100 billion seconds are the year 5138: whatever is larger is not in seconds. */
  private static final double END_OF_TIME = 1e11;

  private static final Set<String> ACTION_TYPES = texts(ActionType.values());
  private static final Set<String> MESSAGE_TYPES = texts(MessageType.values());
  private static final Set<String> STATUSES = Set.of("started", "succeeded", "failed");

  private final List<String> faults = new ArrayList<>();
  private final Map<String, EliotTask> tasks = new LinkedHashMap<>();
  private int messages;
  private boolean mayBeParts;
  private int cutsLeft;

  /**
   * Lets tasks be parts, as in the log of one node, which was killed: what it has not come to, and
   * what other nodes have written. What stands there has to be right all the same. Nothing has to
   * have ended: operations and commands that hang outlive what began them.
   */
  public EliotChecker allowingParts() {
    mayBeParts = true;
    return this;
  }

  /** Lets so many lines end in their midst, one for each daemon that was killed. */
  public EliotChecker allowingCuts(int kills) {
    cutsLeft = kills;
    return this;
  }

  /** Adds the log of one node. */
  public EliotChecker file(Path log) throws IOException {
    String text = new String(Files.readAllBytes(log), UTF_8); // A cut may go through a character.
    if (mayBeParts) {
      text = text.substring(0, text.lastIndexOf('\n') + 1);
    } else if (!text.isEmpty() && !text.endsWith("\n")) {
      faults.add(log + ": no newline at the end: cut short");
    }
    return lines(log.toString(), text.lines().toList());
  }

  /** Adds lines; {@code source} names them in the faults. */
  public EliotChecker lines(String source, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      line(source + ":" + (i + 1), lines.get(i));
    }
    return this;
  }

  /** How many well-formed messages were added. */
  public int messages() {
    return messages;
  }

  /** How many tasks they belong to. */
  public int tasks() {
    return tasks.size();
  }

  /** All that is wrong, one line a fault. */
  public List<String> faults() {
    Stream<String> ofTasks = tasks.values().stream().flatMap(task -> task.faults(mayBeParts));
    return Stream.concat(faults.stream(), ofTasks).toList();
  }

  /** Fails if anything is wrong, or if there is nothing. */
  public void verify() {
    List<String> all = messages == 0 ? List.of("no message at all") : faults();
    if (!all.isEmpty()) {
      throw new AssertionError("not a whole Eliot log:\n  " + String.join("\n  ", all));
    }
  }

  private void line(String at, String line) {
    JsonNode message;
    try {
      message = JSON.readTree(line);
    } catch (UnexpectedEndOfInputException e) {
      if (cutsLeft-- <= 0) {
        faults.add(at + ": cut short: " + e.getOriginalMessage());
      }
      return;
    } catch (JacksonException e) {
      faults.add(at + ": not a line of JSON: " + e.getOriginalMessage());
      return;
    }
    List<String> own = messageFaults(message).toList();
    own.forEach(fault -> faults.add(at + ": " + fault));
    if (own.isEmpty()) {
      messages++;
      String task = message.get("task_uuid").stringValue();
      tasks.computeIfAbsent(task, EliotTask::new).add(at, message);
    }
  }

  private static Stream<String> messageFaults(JsonNode message) {
    if (!message.isObject()) {
      return Stream.of("not a JSON object");
    }
    return Stream.of(
            unless(isUuid(message.path("task_uuid")), "task_uuid is no lower-case uuid"),
            unless(isLevel(message.path("task_level")), "task_level is no list of numbers from 1"),
            unless(isTime(message.path("timestamp")), "timestamp is no number of seconds"),
            unless(
                message.has("action_type") != message.has("message_type"),
                "needs exactly one of action_type and message_type"),
            unless(
                message.has("action_type") == message.has("action_status"),
                "action_type and action_status go together"),
            typeFaults(message, "action_type", ACTION_TYPES),
            typeFaults(message, "message_type", MESSAGE_TYPES),
            typeFaults(message, "action_status", STATUSES),
            unless(
                !message.path("action_status").asString("").equals("failed")
                    || (message.path("exception").isString() && message.path("reason").isString()),
                "a failed action needs exception and reason"))
        .flatMap(fault -> fault);
  }

  private static Stream<String> typeFaults(JsonNode message, String field, Set<String> known) {
    JsonNode type = message.path(field);
    return unless(
        type.isMissingNode() || known.contains(type.asString("")),
        field + " is not registered: " + type);
  }

  private static Stream<String> unless(boolean isFine, String fault) {
    return isFine ? Stream.empty() : Stream.of(fault);
  }

  private static boolean isUuid(JsonNode node) {
    try {
      Uuids.parse("task", node.asString(""));
      return node.isString();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isLevel(JsonNode node) {
    return node.isArray()
        && !node.isEmpty()
        && node.valueStream().allMatch(item -> item.isInt() && item.intValue() >= 1);
  }

  private static boolean isTime(JsonNode node) {
    return node.isNumber() && node.doubleValue() >= 0 && node.doubleValue() < END_OF_TIME;
  }

  private static Set<String> texts(Object[] types) {
    return Arrays.stream(types).map(String::valueOf).collect(Collectors.toUnmodifiableSet());
  }
}
