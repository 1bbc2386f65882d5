package io.flocker.core.log;

import io.flocker.core.id.Uuids;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A place in a task that another process continues from, {@code <task_uuid>@/2/4}; used once.
 *
 * @param level numbers from 1; empty for the whole task
 */
public record TaskId(UUID task, List<Integer> level) {
  /** The HTTP header that carries it. */
  public static final String HEADER = "X-Eliot-Task-Id";

  private static final int MAX_DEPTH = 64;

  public TaskId {
    level = List.copyOf(level);
  }

  /** Reads a header's value; empty if it is malformed: a request is served all the same. */
  public static Optional<TaskId> parse(String text) {
    int at = text.indexOf("@/");
    if (at < 0) {
      return Optional.empty();
    }
    try {
      UUID task = Uuids.parse("task", text.substring(0, at));
      List<Integer> level = level(text.substring(at + 2));
      boolean isWellFormed =
          level.size() <= MAX_DEPTH && level.stream().allMatch(number -> number >= 1);
      return isWellFormed ? Optional.of(new TaskId(task, level)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static List<Integer> level(String text) {
    List<Integer> level = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String number : text.split("/", MAX_DEPTH + 1)) {
        level.add(Integer.parseInt(number));
      }
    }
    return level;
  }

  @Override
  public String toString() {
    return task + "@/" + level.stream().map(String::valueOf).collect(Collectors.joining("/"));
  }
}
