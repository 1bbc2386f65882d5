package io.flocker.cli.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tasks that have begun and not ended, in the order of their beginning: a bounded part of the
 * log. One thread.
 */
final class OpenTasks {
  /** Another node's clock may be behind, and its part of a task is then read after the end. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Of those that are told of as they go on little more than the name is kept. */
  private static final int MOST_TASKS = 20_000;

  private final LogFilter filter;
  private final long mostBytes;
  private final Map<String, LogTask> tasks = new LinkedHashMap<>();
  private Instant now = Instant.MIN;
  private Instant looked = Instant.MIN;
  private long bytes;

  /**
   * None yet.
   *
   * @param mostBytes how much memory they take at most; then the oldest counts as ended
   */
  OpenTasks(LogFilter filter, long mostBytes) {
    this.filter = filter;
    this.mostBytes = mostBytes;
  }

  /** The task of a message, which is part of it from now on. */
  LogTask add(LogMessage message) {
    LogTask task = tasks.computeIfAbsent(message.task(), _ -> new LogTask(filter));
    task.add(message);
    bytes += LogTask.bytes(message);
    now = message.at().isAfter(now) ? message.at() : now;
    return task;
  }

  /** The messages of a task that is told of as it goes on: nothing of them is kept. */
  List<LogMessage> take(LogTask task) {
    bytes -= task.bytes();
    return task.take();
  }

  /** Takes out what has ended, by the time that the log has come to. */
  List<LogTask> ended() {
    List<LogTask> ended = new ArrayList<>();
    boolean isTime = looked.equals(Instant.MIN) || now.isAfter(looked.plusSeconds(1));
    Iterator<LogTask> each = tasks.values().iterator();
    while (each.hasNext() && (isTime || isTooMuch())) {
      LogTask task = each.next();
      boolean isOver = task.isQuiet() && task.last().plus(PATIENCE).isBefore(now);
      if (isOver || isTooMuch()) {
        each.remove();
        bytes -= task.bytes();
        ended.add(task);
      }
    }
    looked = isTime ? now : looked;
    return ended;
  }

  private boolean isTooMuch() {
    return bytes > mostBytes || tasks.size() > MOST_TASKS;
  }

  /** Takes out what a daemon has left without an end, as one that is killed does. */
  List<LogTask> left(String node) {
    List<LogTask> left = tasks.values().stream().filter(task -> task.isOf(node)).toList();
    tasks.values().removeAll(left);
    left.forEach(task -> bytes -= task.bytes());
    return left;
  }

  /** Takes out all, at the end of the log. */
  List<LogTask> all() {
    List<LogTask> all = List.copyOf(tasks.values());
    tasks.clear();
    bytes = 0;
    return all;
  }
}
