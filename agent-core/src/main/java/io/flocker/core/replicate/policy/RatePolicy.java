package io.flocker.core.replicate.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How fast the streams of a volume's copies may leave, by the hour.
 *
 * @param limit bytes a second of each stream, outside of all {@code hours}; empty for as fast as it
 *     goes
 * @param hours when another limit holds, at most {@value #MOST_HOURS}; of several the first counts
 * @param timeZone whose hours and days those are; UTC where JSON does not say
 */
public record RatePolicy(OptionalLong limit, List<Hours> hours, ZoneId timeZone) {
  /** More than a week needs. */
  public static final int MOST_HOURS = 32;

  private static final long SLOWEST = 64 << 10;
  private static final long FASTEST = 1L << 40;

  /** A day of the week, as JSON has it. */
  public enum Day {
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    THURSDAY,
    FRIDAY,
    SATURDAY,
    SUNDAY;

    /** The one of that name. */
    @JsonCreator
    public static Day parse(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Day of(DayOfWeek day) {
      return valueOf(day.name());
    }
  }

  /**
   * Hours of some days.
   *
   * @param from from then on
   * @param to until then; where it is not later than {@code from}, then of the next day
   * @param days on which they begin; every day where JSON does not say
   * @param limit bytes a second; empty for as fast as it goes
   */
  public record Hours(
      @JsonFormat(pattern = "HH:mm") LocalTime from,
      @JsonFormat(pattern = "HH:mm") LocalTime to,
      Set<Day> days,
      OptionalLong limit) {
    public Hours {
      days = days == null || days.isEmpty() ? EnumSet.allOf(Day.class) : EnumSet.copyOf(days);
      limit = checked(limit);
    }

    boolean cover(ZonedDateTime now) {
      LocalTime time = now.toLocalTime();
      boolean isAfterFrom = !time.isBefore(from);
      boolean isBeforeTo = time.isBefore(to);
      boolean isOvernight = !from.isBefore(to);
      boolean isWithin = isOvernight ? isAfterFrom || isBeforeTo : isAfterFrom && isBeforeTo;
      boolean hasBegunYesterday = isOvernight && !isAfterFrom;
      DayOfWeek today = now.getDayOfWeek();
      return isWithin && days.contains(Day.of(hasBegunYesterday ? today.minus(1) : today));
    }
  }

  public RatePolicy {
    limit = checked(limit);
    hours = hours == null ? List.of() : List.copyOf(hours);
    timeZone = timeZone == null ? ZoneOffset.UTC : timeZone;
    if (hours.size() > MOST_HOURS) {
      throw new IllegalArgumentException("a rate has hours at most " + MOST_HOURS + " times");
    }
  }

  /** The limit then, in bytes a second; empty for none. */
  public OptionalLong at(Instant now) {
    ZonedDateTime there = now.atZone(timeZone);
    return hours.stream()
        .filter(those -> those.cover(there))
        .findFirst()
        .map(Hours::limit)
        .orElse(limit);
  }

  private static OptionalLong checked(OptionalLong limit) {
    OptionalLong given = limit == null ? OptionalLong.empty() : limit;
    if (given.isPresent() && (given.getAsLong() < SLOWEST || given.getAsLong() > FASTEST)) {
      throw new IllegalArgumentException(
          "a rate is %d to %d bytes a second, not %d"
              .formatted(SLOWEST, FASTEST, given.getAsLong()));
    }
    return given;
  }
}
