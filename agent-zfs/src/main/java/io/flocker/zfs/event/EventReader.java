package io.flocker.zfs.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code zpool events -Hv}: of each event a line that begins it, one {@code name = value} for
 * each of its members, and an empty line. One thread.
 */
final class EventReader {
  /** Far more than an event has of use. */
  private static final int MOST_MEMBERS = 200;

  private final Map<String, String> members = new HashMap<>();

  /** Takes the next line; gives the event that it ends. */
  Optional<PoolEvent> take(String line) {
    if (line.isBlank()) {
      Optional<PoolEvent> event = event();
      members.clear();
      return event;
    }
    int sign = line.indexOf(" = ");
    if (sign > 0 && Character.isWhitespace(line.charAt(0)) && members.size() < MOST_MEMBERS) {
      members.put(line.substring(0, sign).strip(), line.substring(sign + 3).strip());
    }
    return Optional.empty();
  }

  private Optional<PoolEvent> event() {
    try {
      String[] time = members.getOrDefault("time", "").split(" ", -1);
      return Optional.of(
          new PoolEvent(
              number(members.getOrDefault("eid", "")),
              Instant.ofEpochSecond(number(time[0]), time.length > 1 ? number(time[1]) : 0),
              text("pool"),
              text("history_internal_name"),
              text("history_dsname")));
    } catch (NumberFormatException | DateTimeException _) {
      return Optional.empty(); // Left out: the number of the next event shows the gap.
    }
  }

  private static long number(String text) {
    return Long.decode(text);
  }

  private String text(String member) {
    String value = members.getOrDefault(member, "");
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
