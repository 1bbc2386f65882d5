package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.core.config.Quantity;
import io.flocker.core.replicate.policy.RatePolicy;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How fast streams may leave, as a command line says it. */
final class RateText {
  private static final Pattern HOURS =
      Pattern.compile("([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})=(.+)");
  private static final String LIMIT = "limit=";
  private static final String ZONE = "zone=";
  private static final String NONE = "none";

  private RateText() {}

  /**
   * Such as {@code limit=10MiB,08:00-18:00=1MiB,zone=Europe/Berlin}; empty for {@code none}.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  static Optional<RatePolicy> parse(String text) {
    if (text.equals(NONE)) {
      return Optional.empty();
    }
    OptionalLong limit = OptionalLong.empty();
    ZoneId zone = ZoneOffset.UTC;
    List<RatePolicy.Hours> hours = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher those = HOURS.matcher(part);
      try {
        if (part.startsWith(LIMIT)) {
          limit = bytes(part.substring(LIMIT.length()));
        } else if (part.startsWith(ZONE)) {
          zone = ZoneId.of(part.substring(ZONE.length()));
        } else if (those.matches()) {
          hours.add(
              new RatePolicy.Hours(
                  LocalTime.parse(those.group(1)),
                  LocalTime.parse(those.group(2)),
                  Set.of(),
                  bytes(those.group(3))));
        } else {
          throw new IllegalArgumentException(
              "a rate is limit=10MiB,08:00-18:00=1MiB,zone=Europe/Berlin, not '" + part + "'");
        }
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
      }
    }
    return Optional.of(new RatePolicy(limit, hours, zone));
  }

  /** The same for people. */
  static String of(RatePolicy rate) {
    List<String> parts = new ArrayList<>();
    parts.add("sends " + amount(rate.limit()));
    for (RatePolicy.Hours hours : rate.hours()) {
      parts.add("from %s to %s %s".formatted(hours.from(), hours.to(), amount(hours.limit())));
    }
    return String.join(", ", parts) + (rate.hours().isEmpty() ? "" : " (" + rate.timeZone() + ")");
  }

  private static OptionalLong bytes(String text) {
    return text.equals(NONE) ? OptionalLong.empty() : OptionalLong.of(Quantity.bytes(text));
  }

  private static String amount(OptionalLong limit) {
    return limit.isPresent() ? "at most " + Amounts.rate(limit.getAsLong()) : "as fast as it goes";
  }
}
