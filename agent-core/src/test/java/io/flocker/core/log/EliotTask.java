package io.flocker.core.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The messages of one task, and whether they make a whole tree. */
final class EliotTask {
  private final String uuid;
  private final List<String> faults = new ArrayList<>();
  private final Map<List<Integer>, JsonNode> messages = new HashMap<>();

  /** For each action, by its prefix, the numbers of its items. */
  private final Map<List<Integer>, SortedSet<Integer>> actions = new LinkedHashMap<>();

  EliotTask(String uuid) {
    this.uuid = uuid;
  }

  void add(String at, JsonNode message) {
    List<Integer> level = message.get("task_level").valueStream().map(JsonNode::intValue).toList();
    if (messages.putIfAbsent(level, message) != null) {
      faults.add(at + ": task " + uuid + " has level " + path(level) + " twice");
    }
    for (int depth = level.size() - 1; depth >= 0; depth--) {
      actions.computeIfAbsent(level.subList(0, depth), _ -> new TreeSet<>()).add(level.get(depth));
    }
  }

  /**
   * All that is wrong.
   *
   * @param isPart whether others may have written to the task elsewhere, or have been killed
   */
  Stream<String> faults(boolean isPart) {
    Stream<String> ofTree =
        isLone() ? Stream.empty() : actions.keySet().stream().flatMap(a -> action(a, isPart));
    return Stream.concat(
        faults.stream(), ofTree.map(fault -> "task " + uuid + ", action " + fault));
  }

  private boolean isLone() {
    JsonNode only = messages.get(List.of(1));
    return messages.size() == 1 && only != null && only.has("message_type");
  }

  private Stream<String> action(List<Integer> prefix, boolean isPart) {
    SortedSet<Integer> items = actions.getOrDefault(prefix, new TreeSet<>());
    boolean isElsewhere = isPart && items.stream().allMatch(n -> item(prefix, n) == null);
    List<Integer> ends = items.stream().filter(n -> isEnd(item(prefix, n))).toList();
    boolean isNumberedThrough = items.last() == items.size();
    return Stream.of(
            unless(!messages.containsKey(prefix), "is a message as well"),
            unless(isPart || isNumberedThrough, "its items are numbered " + items),
            unless(isElsewhere || status(item(prefix, 1)).equals("started"), "has no start"),
            unless(!ends.isEmpty() || isPart, "has no end"),
            unless(ends.isEmpty() || ends.contains(items.last()), "has items after its end"),
            unless(ends.size() <= 1, "ends twice"),
            unless(isElsewhere || statuses(prefix, items) == 1 + ends.size(), "starts again"),
            unless(types(prefix, items) <= 1, "ends as another"))
        .flatMap(fault -> fault)
        .map(fault -> path(prefix) + ": " + fault);
  }

  private long statuses(List<Integer> prefix, SortedSet<Integer> items) {
    long others = items.stream().filter(n -> !status(item(prefix, n)).isEmpty()).count();
    return status(item(prefix, 1)).isEmpty() ? others + 1 : others;
  }

  private long types(List<Integer> prefix, SortedSet<Integer> items) {
    return items.stream()
        .map(n -> text(item(prefix, n), "action_type"))
        .filter(type -> !type.isEmpty())
        .distinct()
        .count();
  }

  private @Nullable JsonNode item(List<Integer> prefix, int number) {
    return messages.get(Stream.concat(prefix.stream(), Stream.of(number)).toList());
  }

  private static boolean isEnd(@Nullable JsonNode message) {
    return status(message).equals("succeeded") || status(message).equals("failed");
  }

  private static String status(@Nullable JsonNode message) {
    return text(message, "action_status");
  }

  private static String text(@Nullable JsonNode message, String field) {
    return message == null ? "" : message.path(field).asString("");
  }

  private static Stream<String> unless(boolean isFine, String fault) {
    return isFine ? Stream.empty() : Stream.of(fault);
  }

  private static String path(List<Integer> level) {
    return level.stream()
        .map(n -> "/" + n)
        .collect(Collectors.joining("", "", level.isEmpty() ? "/" : ""));
  }
}
