package io.flocker.core.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Copies the fields of one message into values that are plain JSON, bounded, and nobody else's: the
 * caller may change its own while the message waits in the queue. One message, one thread.
 *
 * <p>What is too long is cut; the names of the fields that lost something stand in {@value
 * #TRUNCATED}.
 */
final class FieldCopy {
  /** Longest string, in characters. */
  static final int MAX_STRING = 16_384;

  /** All names and values of a message together, in characters: a line stays below 150 kB. */
  static final int MAX_MESSAGE = 20_000;

  static final String TRUNCATED = "truncated";

  private static final int MAX_DEPTH = 16;
  private static final int COST_OF_A_VALUE = 8;
  private static final String RENAMED = "field_";
  private static final Set<String> RESERVED =
      Set.of(
          "task_uuid", "task_level", "timestamp", "action_type", "action_status", "message_type");

  private final Set<String> truncated = new TreeSet<>();
  private int room = MAX_MESSAGE;
  private boolean isCut;

  private FieldCopy() {}

  /** The copy; never fails, whatever the values do. */
  static Map<String, @Nullable Object> of(Map<String, ?> fields) {
    FieldCopy copy = new FieldCopy();
    Map<String, @Nullable Object> copied = new LinkedHashMap<>();
    try {
      fields.forEach((name, value) -> copy.field(copied, String.valueOf(name), value));
    } catch (RuntimeException e) {
      copied.put("unloggable", e.toString());
    }
    if (!copy.truncated.isEmpty()) {
      copied.put(TRUNCATED, List.copyOf(copy.truncated));
    }
    return copied;
  }

  private void field(Map<String, @Nullable Object> into, String name, @Nullable Object value) {
    boolean isTaken = name.startsWith("_") || RESERVED.contains(name);
    String free = text(isTaken ? RENAMED + name : name);
    isCut = false;
    try {
      into.put(free, value(value, 0));
    } catch (RuntimeException | StackOverflowError e) {
      into.put(free, "unloggable: " + e.getClass().getName());
    }
    if (isCut) {
      truncated.add(free);
    }
  }

  private @Nullable Object value(@Nullable Object value, int depth) {
    room -= COST_OF_A_VALUE;
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case Integer number -> number;
      case Long number -> number;
      case Double number when Double.isFinite(number) -> number;
      case Float number when Float.isFinite(number) -> number;
      case Optional<?> optional -> value(optional.orElse(null), depth);
      case Map<?, ?> map -> map(map, depth + 1);
      case Collection<?> list -> list(list, depth + 1);
      case Object[] array -> list(Arrays.asList(array), depth + 1);
      default -> text(value.toString());
    };
  }

  private Map<String, @Nullable Object> map(Map<?, ?> map, int depth) {
    Map<String, @Nullable Object> copied = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (isFull(depth)) {
        break;
      }
      copied.put(text(String.valueOf(entry.getKey())), value(entry.getValue(), depth));
    }
    return copied;
  }

  private List<@Nullable Object> list(Collection<?> list, int depth) {
    List<@Nullable Object> copied = new ArrayList<>();
    for (Object element : list) {
      if (isFull(depth)) {
        break;
      }
      copied.add(value(element, depth));
    }
    return copied;
  }

  private boolean isFull(int depth) {
    boolean isFull = room <= 0 || depth > MAX_DEPTH;
    isCut |= isFull;
    return isFull;
  }

  private String text(String text) {
    int length = Math.min(text.length(), Math.clamp(room, 0, MAX_STRING));
    isCut |= length < text.length();
    room -= length;
    return text.substring(0, length);
  }
}
