package io.flocker.cli.logs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The messages of a task in the order of its tree. One thread. */
final class LogTree {
  private final List<LogMessage> inOrder;
  private final Map<List<Integer>, LogMessage> starts = new HashMap<>();
  private final Map<List<Integer>, LogMessage> ends = new HashMap<>();

  LogTree(List<LogMessage> messages) {
    inOrder = new ArrayList<>(messages);
    inOrder.sort(Comparator.comparing(LogMessage::place, LogTree::compare));
    for (LogMessage message : inOrder) {
      if (message.isStart() && !message.isPassedOn()) {
        starts.putIfAbsent(message.action(), message);
      } else if (message.isEnd()) {
        ends.putIfAbsent(message.action(), message);
      }
    }
  }

  /**
   * A line for each action and message that is wanted; their ends stand beside their beginnings.
   */
  List<String> lines(LogFilter filter, LogText text) {
    Set<List<Integer>> around = new HashSet<>();
    List<LogMessage> shown = new ArrayList<>();
    for (LogMessage message : inOrder.reversed()) {
      if (isLine(message) && isWanted(message, filter, around)) {
        shown.addFirst(message);
        for (int length = 0; length < message.place().size(); length++) {
          around.add(message.place().subList(0, length));
        }
      }
    }
    return shown.stream()
        .flatMap(message ->
            text
                .lines(
                    message, depth(message), message.isStart() ? ends.get(message.action()) : null)
                .stream())
        .toList();
  }

  /** Whether it has a line of its own: the node stands before each where there are several. */
  private boolean isLine(LogMessage message) {
    return message.isPassedOn()
        ? message.isFailure()
        : !message.isEnd() || !starts.containsKey(message.action());
  }

  private boolean isWanted(LogMessage message, LogFilter filter, Set<List<Integer>> around) {
    LogMessage end = message.isStart() ? ends.get(message.action()) : null;
    boolean isAround = message.isStart() && around.contains(message.action());
    boolean endsBadly = end != null && end.isFailure() && filter.isWanted(end.level());
    return isAround || endsBadly || filter.isWanted(message.level());
  }

  /** How many actions it is in, of those that are known. */
  private int depth(LogMessage message) {
    int depth = 0;
    int own = message.place().size() - (message.isOfAction() ? 1 : 0);
    for (int length = 0; length < own; length++) {
      depth += starts.containsKey(message.place().subList(0, length)) ? 1 : 0;
    }
    return depth;
  }

  private static int compare(List<Integer> one, List<Integer> other) {
    for (int step = 0; step < Math.min(one.size(), other.size()); step++) {
      int compared = Integer.compare(one.get(step), other.get(step));
      if (compared != 0) {
        return compared;
      }
    }
    return Integer.compare(one.size(), other.size());
  }
}
