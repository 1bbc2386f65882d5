package io.flocker.cli.command;

import io.flocker.core.config.Quantity;
import io.flocker.core.retention.RetentionRules;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** What is kept of snapshots as people write it: {@code last=10,within=48h,daily=14}. */
final class RetentionText {
  private RetentionText() {}

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static RetentionRules parse(String text) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1 || parts.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
        throw new IllegalArgumentException(
            "what is kept is NAME=VALUE[,NAME=VALUE...], each name once, not '" + text + "'");
      }
    }
    String within = parts.remove("within");
    String zone = parts.remove("zone");
    RetentionRules rules =
        new RetentionRules(
            number(parts, "last"),
            within == null ? Optional.empty() : Optional.of(Quantity.duration(within)),
            number(parts, "hourly"),
            number(parts, "daily"),
            number(parts, "weekly"),
            number(parts, "monthly"),
            number(parts, "yearly"),
            zone == null ? ZoneOffset.UTC : zone(zone));
    if (!parts.isEmpty()) {
      throw new IllegalArgumentException(
          "last, within, hourly, daily, weekly, monthly, yearly and zone say what is kept, not "
              + parts.keySet());
    }
    return rules;
  }

  /** Writes it so that it can be read again. */
  static String of(RetentionRules rules) {
    StringJoiner text = new StringJoiner(",");
    text.add("last=" + rules.last());
    rules.within().ifPresent(age -> text.add("within=" + Quantity.text(age)));
    add(text, "hourly", rules.hourly());
    add(text, "daily", rules.daily());
    add(text, "weekly", rules.weekly());
    add(text, "monthly", rules.monthly());
    add(text, "yearly", rules.yearly());
    if (!rules.timeZone().equals(ZoneOffset.UTC)) {
      text.add("zone=" + rules.timeZone());
    }
    return text.toString();
  }

  private static void add(StringJoiner text, String name, int number) {
    if (number > 0) {
      text.add(name + "=" + number);
    }
  }

  private static int number(Map<String, String> parts, String name) {
    String text = parts.remove(name);
    try {
      return text == null ? 0 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is a number, not '" + text + "'", e);
    }
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "zone is the name of a time zone, such as Europe/Berlin, not '" + name + "'", e);
    }
  }
}
