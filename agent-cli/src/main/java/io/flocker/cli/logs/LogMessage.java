package io.flocker.cli.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.log.ActionType;
import io.flocker.core.log.LogLevel;
import io.flocker.core.log.MessageType;
import io.flocker.http.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One message of a log.
 *
 * @param node which log it is from, as people call it
 * @param task the task that it belongs to
 * @param place where it is in the task's tree
 * @param at by the clock of its node
 * @param document all of it
 * @param line as it was read
 */
record LogMessage(
    String node, String task, List<Integer> place, Instant at, JsonNode document, String line) {
  private static final String STARTED = "started";
  private static final String FAILED = "failed";
  private static final String STATUS = "action_status";
  private static final long NANOS = 1_000_000_000;

  /** The end of the year 9999: what is later, or before 1970, is no time of a message. */
  private static final BigDecimal LATEST = BigDecimal.valueOf(253_402_300_799L);

  /** Deeper than any tree is: more is no message of ours. */
  private static final int DEEPEST = 64;

  private static final Map<String, LogLevel> LEVELS =
      Arrays.stream(MessageType.values())
          .collect(Collectors.toMap(MessageType::toString, MessageType::level));
  private static final Set<String> DETAILS =
      Arrays.stream(ActionType.values())
          .filter(ActionType::isDetail)
          .map(ActionType::toString)
          .collect(Collectors.toSet());
  private static final Map<String, LogLevel> OF_LIBRARIES =
      Arrays.stream(LogLevel.values()).collect(Collectors.toMap(Enum::name, Function.identity()));

  /** Reads a line; empty if it is no message. */
  static Optional<LogMessage> parse(String node, String line) {
    try {
      JsonNode document = Json.read(line.getBytes(UTF_8));
      List<Integer> place = new ArrayList<>();
      for (JsonNode step : document.path("task_level")) {
        place.add(step.asInt(0));
      }
      String task = document.path("task_uuid").asString("");
      BigDecimal seconds = document.path("timestamp").asDecimal(BigDecimal.ZERO);
      boolean isTime = seconds.signum() >= 0 && seconds.compareTo(LATEST) <= 0;
      return task.isEmpty() || place.isEmpty() || place.size() > DEEPEST || !isTime
          ? Optional.empty()
          : Optional.of(
              new LogMessage(node, task, List.copyOf(place), time(seconds), document, line));
    } catch (JacksonException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Instant time(BigDecimal seconds) {
    long whole = seconds.longValue();
    return Instant.ofEpochSecond(
        whole,
        seconds
            .subtract(BigDecimal.valueOf(whole))
            .multiply(BigDecimal.valueOf(NANOS))
            .longValue());
  }

  /** The type of the message, or of the action that it begins or ends. */
  String type() {
    return document.path(isOfAction() ? "action_type" : "message_type").asString("?");
  }

  /** Whether it begins or ends an action. */
  boolean isOfAction() {
    return document.has(STATUS);
  }

  boolean isStart() {
    return STARTED.equals(document.path(STATUS).asString(""));
  }

  boolean isEnd() {
    return isOfAction() && !isStart();
  }

  boolean isFailure() {
    return FAILED.equals(document.path(STATUS).asString(""));
  }

  /** Where the action is that it begins, ends, or happens in. */
  List<Integer> action() {
    return place.subList(0, place.size() - 1);
  }

  /** Whether it begins what another node, or another process, has asked for in this task. */
  boolean isPassedOn() {
    return isOfAction() && type().equals(ActionType.REMOTE_TASK.toString());
  }

  /** Whether it begins a request that changes nothing: of these there are thousands. */
  private boolean isReading() {
    return isStart() && document.path("method").asString("").equals("GET");
  }

  /** How much it matters; the end of an action that went well as much as its start. */
  LogLevel level() {
    if (isFailure()) {
      return LogLevel.ERROR;
    }
    if (isOfAction()) {
      return DETAILS.contains(type()) || isReading() ? LogLevel.DEBUG : LogLevel.INFO;
    }
    if (type().equals(MessageType.LIBRARY.toString())) {
      return OF_LIBRARIES.getOrDefault(document.path("level").asString(""), LogLevel.INFO);
    }
    return LEVELS.getOrDefault(type(), LogLevel.INFO);
  }
}
