package io.flocker.core.retention;

import static java.time.DayOfWeek.MONDAY;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.TemporalAdjusters.previousOrSame;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which of the snapshots that flockerd takes for itself are kept beside those that somebody needs.
 * A snapshot stays if any of the rules keeps it.
 *
 * <p>Time is told by the snapshots, never by a clock: a node whose clock has jumped gives up
 * nothing for that.
 *
 * @param last the newest ones, 1 to {@value #MOST}; 2 where JSON does not say
 * @param within those that are not older than that, seen from the newest one; empty for none
 * @param hourly in how many of the latest hours that have any the first one is kept, 0 to {@value
 *     #MOST}; an hour that the clocks repeat counts as two
 * @param daily as {@code hourly}, of days
 * @param weekly as {@code hourly}, of weeks, which begin on Monday
 * @param monthly as {@code hourly}, of months
 * @param yearly as {@code hourly}, of years
 * @param timeZone whose hours and days those are; UTC where JSON does not say
 */
public record RetentionRules(
    int last,
    Optional<Duration> within,
    int hourly,
    int daily,
    int weekly,
    int monthly,
    int yearly,
    ZoneId timeZone) {
  /** More than anybody keeps, and few enough to list. */
  public static final int MOST = 100_000;

  private static final Duration LONGEST = Duration.ofDays(36_600);
  private static final int USUAL_LAST = 2;

  /** Each with room for what clocks and calendars do: a zone may skip or repeat a whole day. */
  private static final Duration HOUR = Duration.ofHours(3);

  private static final Duration DAY = Duration.ofDays(3);
  private static final Duration WEEK = Duration.ofDays(9);
  private static final Duration MONTH = Duration.ofDays(33);
  private static final Duration YEAR = Duration.ofDays(368);

  /** What stays where nobody says anything. */
  public static final RetentionRules USUAL = ofLast(USUAL_LAST);

  public RetentionRules {
    last = last == 0 ? USUAL_LAST : last;
    within = within == null ? Optional.empty() : within;
    timeZone = timeZone == null ? ZoneOffset.UTC : timeZone;
    require(1, last, "last");
    require(0, hourly, "hourly");
    require(0, daily, "daily");
    require(0, weekly, "weekly");
    require(0, monthly, "monthly");
    require(0, yearly, "yearly");
    if (within.filter(age -> age.isNegative() || age.compareTo(LONGEST) > 0).isPresent()) {
      throw new IllegalArgumentException(
          "within is between 0 and a hundred years, not " + within.get());
    }
  }

  /** Those that keep the newest ones and no others, at least 1. */
  public static RetentionRules ofLast(int last) {
    return new RetentionRules(last, Optional.empty(), 0, 0, 0, 0, 0, ZoneOffset.UTC);
  }

  /**
   * What these keep.
   *
   * @param newestFirst snapshots of one dataset, the newest first
   */
  Set<Guid> kept(List<Snapshot> newestFirst) {
    Set<Guid> kept = new HashSet<>();
    newestFirst.stream().limit(last).map(Snapshot::guid).forEach(kept::add);
    if (within.isPresent() && !newestFirst.isEmpty()) {
      Instant oldest = newestFirst.getFirst().creation().minus(within.get());
      newestFirst.stream()
          .filter(snapshot -> !snapshot.creation().isBefore(oldest))
          .map(Snapshot::guid)
          .forEach(kept::add);
    }
    // Their offset tells the two hours apart that the clocks call by one name.
    keepFirstOfEach(newestFirst, hourly, HOUR, time -> time.truncatedTo(HOURS).toInstant(), kept);
    keepFirstOfEach(newestFirst, daily, DAY, ZonedDateTime::toLocalDate, kept);
    keepFirstOfEach(
        newestFirst, weekly, WEEK, time -> time.toLocalDate().with(previousOrSame(MONDAY)), kept);
    keepFirstOfEach(newestFirst, monthly, MONTH, YearMonth::from, kept);
    keepFirstOfEach(newestFirst, yearly, YEAR, ZonedDateTime::getYear, kept);
    return kept;
  }

  /**
   * The first one of a period, so that it is the same one for as long as the period counts: of
   * those that come later none was ever given up for it.
   *
   * @param longest no period takes longer: what is older than all that count by more than that need
   *     not be looked up in the calendar, which is what takes the time
   */
  private void keepFirstOfEach(
      List<Snapshot> newestFirst,
      int periods,
      Duration longest,
      Function<ZonedDateTime, Object> period,
      Set<Guid> kept) {
    if (periods == 0) {
      return;
    }
    Map<Object, Guid> firsts = new HashMap<>();
    Instant oldest = Instant.MAX;
    for (Snapshot snapshot : newestFirst) {
      Instant creation = snapshot.creation();
      boolean isFull = firsts.size() == periods;
      if (isFull && creation.isBefore(oldest)) {
        continue;
      }
      Object of = period.apply(creation.atZone(timeZone));
      if (!isFull || firsts.containsKey(of)) {
        firsts.put(of, snapshot.guid());
        Instant bound = creation.minus(longest);
        oldest = bound.isBefore(oldest) ? bound : oldest;
      }
    }
    kept.addAll(firsts.values());
  }

  private static void require(int least, int given, String name) {
    if (given < least || given > MOST) {
      throw new IllegalArgumentException(
          "%s is %d to %d, not %d".formatted(name, least, MOST, given));
    }
  }
}
