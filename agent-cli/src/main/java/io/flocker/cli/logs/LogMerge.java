package io.flocker.cli.logs;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The lines of several logs by their time. One thread. */
final class LogMerge implements LineSource {
  private final PriorityQueue<Head> heads =
      new PriorityQueue<>(Comparator.comparing((Head head) -> head.line().at()));
  private List<LogLines> unread;

  private record Head(LogLines.Line line, LogLines rest) {}

  LogMerge(List<LogLines> logs) {
    this.unread = List.copyOf(logs);
  }

  /** A log is read on only once its last line is told: it may be one that grows. */
  @Override
  public LogLines.@Nullable Line next() throws IOException {
    for (LogLines log : unread) {
      LogLines.Line line = log.next();
      if (line != null) {
        heads.add(new Head(line, log));
      }
    }
    Head first = heads.poll();
    unread = first == null ? List.of() : List.of(first.rest());
    return first == null ? null : first.line();
  }
}
