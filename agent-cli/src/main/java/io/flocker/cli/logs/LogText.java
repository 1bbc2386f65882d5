package io.flocker.cli.logs;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.IdsInText;
import io.flocker.cli.console.Paint;
import io.flocker.cli.console.PlainText;
import io.flocker.core.log.LogLevel;
import io.flocker.http.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Messages as lines for people; nothing in them moves a terminal. Any thread. */
final class LogText {
  private static final String OURS = "flocker:";
  private static final String TRACEBACK = "traceback";
  private static final int LONGEST_VALUE = 600;
  private static final int SHORT_TASK = 8;

  /** What every message has, and the line says otherwise. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "timestamp",
          "task_uuid",
          "task_level",
          "action_type",
          "action_status",
          "message_type",
          TRACEBACK);

  private final DateTimeFormatter times;
  private final Paint paint;
  private final Function<UUID, Optional<String>> names;
  private final int nodeWidth;

  /**
   * One for some logs.
   *
   * @param manner how they are told
   * @param nodeWidth the length of the longest of their names; 0 where there is one log
   */
  LogText(LogReading.Manner manner, int nodeWidth) {
    ZoneId zone = manner.zone();
    String form = "yyyy-MM-dd HH:mm:ss.SSS" + (zone.equals(ZoneOffset.UTC) ? "'Z'" : "");
    this.times = DateTimeFormatter.ofPattern(form, Locale.ROOT).withZone(zone);
    this.paint = manner.paint();
    this.names = manner.names();
    this.nodeWidth = nodeWidth;
  }

  /**
   * The lines of an action, or of a message.
   *
   * @param depth how many actions it happens in
   * @param end of the action that {@code message} begins; null where it has none, or is none
   */
  List<String> lines(LogMessage message, int depth, @Nullable LogMessage end) {
    String state =
        message.isStart()
            ? end == null ? " (without an end)" : ended(end, message.at())
            : message.isEnd() ? ended(message, null) : "";
    String more = end == null ? "" : fields(end);
    return lines(message, "  ".repeat(depth), state, fields(message) + more, end);
  }

  /**
   * The lines of a message that is told as it comes.
   *
   * @param began how the action began that it ends; null where that is not known
   */
  List<String> passing(LogMessage message, @Nullable LogMessage began) {
    String state =
        message.isStart()
            ? " begins"
            : message.isEnd() ? ended(message, began == null ? null : began.at()) : "";
    String task =
        message.task().substring(0, Math.min(SHORT_TASK, message.task().length()))
            + "  "
            + "  ".repeat(message.place().size() - 1);
    return lines(message, task, state, fields(message), null);
  }

  private List<String> lines(
      LogMessage message, String before, String state, String fields, @Nullable LogMessage end) {
    LogLevel level = end == null ? message.level() : end.level();
    String what = PlainText.of(word(message.type()) + state);
    List<String> lines = new ArrayList<>();
    lines.add(
        paint.faint(times.format(message.at()))
            + "  "
            + node(message)
            + PlainText.of(before)
            + (level.compareTo(LogLevel.WARN) >= 0 ? paint.alarming(what) : what)
            + PlainText.of(fields));
    for (LogMessage one : end == null ? List.of(message) : List.of(message, end)) {
      one.document()
          .path(TRACEBACK)
          .asString("")
          .lines()
          .map(line -> "    " + PlainText.of(line.replace("\t", "  ")))
          .forEach(lines::add);
    }
    return lines;
  }

  private String node(LogMessage message) {
    return nodeWidth == 0
        ? ""
        : PlainText.of(message.node())
            + " ".repeat(Math.max(0, nodeWidth - message.node().length()) + 2);
  }

  private static String word(String type) {
    return type.startsWith(OURS) ? type.substring(OURS.length()) : type;
  }

  private static String ended(LogMessage end, @Nullable Instant began) {
    String how = end.isFailure() ? " FAILED" : " ok";
    return began == null ? how : how + " " + time(Duration.between(began, end.at()));
  }

  /** A clock that was put back makes nothing shorter than nothing. */
  private static String time(Duration lasted) {
    long millis = Math.max(0, lasted.toMillis());
    if (millis < 1_000) {
      return millis + " ms";
    }
    return millis < 60_000
        ? String.format(Locale.ROOT, "%.1f s", millis / 1_000.0)
        : Amounts.time(lasted);
  }

  private String fields(LogMessage message) {
    return message.document().properties().stream()
        .filter(field -> !ELSEWHERE.contains(field.getKey()))
        .map(this::field)
        .collect(Collectors.joining());
  }

  private String field(Map.Entry<String, JsonNode> field) {
    JsonNode value = field.getValue();
    String text = value.isString() ? IdsInText.named(value.stringValue(), names) : value.toString();
    boolean isOneWord = !text.isEmpty() && text.indexOf(' ') < 0 && text.indexOf('"') < 0;
    String shown = value.isString() && !isOneWord ? Json.tree(text).toString() : text;
    return " "
        + field.getKey()
        + "="
        + (shown.length() > LONGEST_VALUE ? shown.substring(0, LONGEST_VALUE) + "..." : shown);
  }
}
