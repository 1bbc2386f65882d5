package io.flocker.cli.logs;

import io.flocker.core.log.LogLevel;
import java.time.Instant;
import java.util.List;

/**
 * What of a log is wanted.
 *
 * @param mentions what a task has to speak of, all of it
 * @param since tasks that ended before are left out
 * @param level messages below it are left out, but for the actions that others happen in
 */
public record LogFilter(List<Mention> mentions, Instant since, LogLevel level) {
  /** All that an operator wants to know. */
  public static final LogFilter USUAL = new LogFilter(List.of(), Instant.MIN, LogLevel.INFO);

  public LogFilter {
    mentions = List.copyOf(mentions);
  }

  /** Whether lines that are no messages are wanted: nobody can tell what they are about. */
  boolean wantsOtherLines() {
    return mentions.isEmpty();
  }

  boolean isWanted(LogLevel ofMessage) {
    return ofMessage.compareTo(level) >= 0;
  }
}
