package io.flocker.cli.logs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The messages of one task, as far as they have come. One thread. */
final class LogTask {
  /** Beside its text: the tree of JSON, and our own. */
  private static final int BYTES_A_MESSAGE = 400;

  private final LogFilter filter;
  private final List<LogMessage> messages = new ArrayList<>();
  private final Map<List<Integer>, LogMessage> begun = new HashMap<>();
  private final Set<List<Integer>> open = new HashSet<>();
  private final Set<Mention> missing;
  private Instant last = Instant.MIN;
  private long bytes;

  LogTask(LogFilter filter) {
    this.filter = filter;
    this.missing = new HashSet<>(filter.mentions());
  }

  void add(LogMessage message) {
    messages.add(message);
    bytes += bytes(message);
    missing.removeIf(mention -> mention.isIn(message));
    last = message.at().isAfter(last) ? message.at() : last;
    if (message.isStart()) {
      open.add(message.action());
      begun.put(message.action(), message);
    } else if (message.isEnd()) {
      open.remove(message.action());
    }
  }

  /** Forgets the messages, and not what they were about. */
  List<LogMessage> take() {
    List<LogMessage> taken = List.copyOf(messages);
    messages.clear();
    bytes = 0;
    return taken;
  }

  /** How the action began that a message ends, which is forgotten; null for any other message. */
  @Nullable LogMessage began(LogMessage message) {
    return message.isEnd() ? begun.remove(message.action()) : null;
  }

  /** Whether it began in that log, as far as is known. */
  boolean isOf(String node) {
    return !messages.isEmpty() && messages.getFirst().node().equals(node);
  }

  /** As they have come. */
  List<LogMessage> messages() {
    return messages;
  }

  /** When something happened last. */
  Instant last() {
    return last;
  }

  /** Whether nothing that has begun goes on. */
  boolean isQuiet() {
    return open.isEmpty();
  }

  /** Whether all that is asked for has been spoken of. */
  boolean isWanted() {
    return missing.isEmpty() && !last.isBefore(filter.since());
  }

  /** About what it takes of the memory. */
  long bytes() {
    return bytes;
  }

  static long bytes(LogMessage message) {
    return BYTES_A_MESSAGE + 8L * message.line().length();
  }
}
