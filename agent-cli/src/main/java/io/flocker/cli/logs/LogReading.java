package io.flocker.cli.logs;

import io.flocker.cli.console.Paint;
import io.flocker.cli.console.PlainText;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is in logs: whole tasks once they have ended, or message by message as they come. One
 * thread; used once.
 */
public final class LogReading {
  private static final long MOST_BYTES = 48L << 20;
  private static final int LONGEST_OTHER = 2_000;

  private final Manner manner;
  private final Consumer<String> out;
  private final LogText text;
  private final OpenTasks tasks;

  /**
   * How it is told.
   *
   * @param isFollowing whether message by message, as they come
   * @param isJson whether as the messages are in the log
   * @param zone of the times
   * @param names of the nodes and volumes that messages for people tell of; empty where the id has
   *     to do
   */
  public record Manner(
      LogFilter filter,
      boolean isFollowing,
      boolean isJson,
      ZoneId zone,
      Paint paint,
      Function<UUID, Optional<String>> names) {}

  private LogReading(Manner manner, int nodeWidth, Consumer<String> out, long mostBytes) {
    this.manner = manner;
    this.out = out;
    this.text = new LogText(manner, nodeWidth);
    this.tasks = new OpenTasks(manner.filter(), mostBytes);
  }

  /**
   * Reads logs to their ends.
   *
   * @param logs by what they are called; whoever opened them closes them
   * @param out gets the lines, harmless for a terminal
   */
  public static void read(Map<String, InputStream> logs, Manner manner, Consumer<String> out)
      throws IOException, InterruptedException {
    read(logs, manner, out, MOST_BYTES);
  }

  static void read(
      Map<String, InputStream> logs, Manner manner, Consumer<String> out, long mostBytes)
      throws IOException, InterruptedException {
    int width =
        logs.size() == 1 ? 0 : logs.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<LogLines> lines =
        logs.entrySet().stream().map(log -> new LogLines(log.getKey(), log.getValue())).toList();
    new LogReading(manner, width, out, mostBytes)
        .read(
            manner.isFollowing() && lines.size() > 1
                ? new LogArrivals(lines)
                : new LogMerge(lines));
  }

  private void read(LineSource source) throws IOException, InterruptedException {
    for (LogLines.Line line = source.next(); line != null; line = source.next()) {
      if (line.message().isPresent()) {
        take(line.message().get());
      } else if (manner.filter().wantsOtherLines()
          && !line.at().isBefore(manner.filter().since())) {
        String other = line.text();
        out.accept(PlainText.of(other.substring(0, Math.min(LONGEST_OTHER, other.length()))));
      }
    }
    tellEnded(tasks.all());
  }

  private void take(LogMessage message) {
    if (message.isStart() && message.type().equals(ActionType.DAEMON_START.toString())) {
      tellEnded(tasks.left(message.node()));
    }
    LogTask task = tasks.add(message);
    if (manner.isFollowing()) {
      if (task.isWanted()) {
        tasks.take(task).forEach(one -> tellPassing(task, one));
      }
    }
    tellEnded(tasks.ended());
  }

  /** Prints whole tasks; their messages were printed one by one where they are followed. */
  private void tellEnded(List<LogTask> ended) {
    if (!manner.isFollowing()) {
      ended.forEach(this::tellWhole);
    }
  }

  private void tellWhole(LogTask task) {
    if (!task.isWanted()) {
      return;
    }
    if (manner.isJson()) {
      task.messages().stream()
          .filter(message -> manner.filter().isWanted(message.level()))
          .forEach(message -> out.accept(json(message)));
    } else {
      new LogTree(task.messages()).lines(manner.filter(), text).forEach(out);
    }
  }

  private void tellPassing(LogTask task, LogMessage message) {
    @Nullable LogMessage began = task.began(message);
    LogLevel level = began == null || message.isFailure() ? message.level() : began.level();
    if (message.isPassedOn() || !manner.filter().isWanted(level)) {
      return;
    }
    if (manner.isJson()) {
      out.accept(json(message));
    } else {
      text.passing(message, began).forEach(out);
    }
  }

  /** Blanks may be tabs and carriage returns in a file that another program has written. */
  private static String json(LogMessage message) {
    return PlainText.ofJson(message.line().replace('\t', ' ').replace('\r', ' '));
  }
}
