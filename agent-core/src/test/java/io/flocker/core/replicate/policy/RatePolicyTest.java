package io.flocker.core.replicate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.replicate.policy.RatePolicy.Day;
import io.flocker.core.replicate.policy.RatePolicy.Hours;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RatePolicyTest {
  private static final long SLOW = 100_000;
  private static final long USUAL = 1_000_000;

  /** Slow in working hours, as fast as it goes in the nights that begin on a Saturday. */
  private static final RatePolicy POLICY =
      new RatePolicy(
          OptionalLong.of(USUAL),
          List.of(
              new Hours(
                  LocalTime.of(8, 0),
                  LocalTime.of(18, 0),
                  Set.of(Day.MONDAY, Day.TUESDAY, Day.WEDNESDAY, Day.THURSDAY, Day.FRIDAY),
                  OptionalLong.of(SLOW)),
              new Hours(
                  LocalTime.of(22, 0),
                  LocalTime.of(6, 0),
                  Set.of(Day.SATURDAY),
                  OptionalLong.empty())),
          ZoneId.of("Europe/Berlin"));

  @ParameterizedTest
  @DisplayName("S07 the hours are those of the time zone, also where its clocks are changed")
  @CsvSource({
    // Winter: an hour before UTC. 2026-01-05 is a Monday.
    "2026-01-05T06:59:59Z, 1000000",
    "2026-01-05T07:00:00Z, 100000",
    "2026-01-05T16:59:59Z, 100000",
    "2026-01-05T17:00:00Z, 1000000",
    // Summer: two hours.
    "2026-07-06T05:59:59Z, 1000000",
    "2026-07-06T06:00:00Z, 100000",
    "2026-07-06T16:00:00Z, 1000000",
    // Saturday evening and Sunday morning, not Friday evening, nor Saturday morning.
    "2026-01-02T21:30:00Z, 1000000",
    "2026-01-03T04:30:00Z, 1000000",
    "2026-01-03T21:00:00Z, 0",
    "2026-01-04T04:59:59Z, 0",
    "2026-01-04T05:00:00Z, 1000000",
    // The night of 2026-03-29 lacks an hour, and ends one earlier; that of 2026-10-25 has one more.
    "2026-03-29T03:59:59Z, 0",
    "2026-03-29T04:00:00Z, 1000000",
    "2026-10-25T00:30:00Z, 0",
    "2026-10-25T01:30:00Z, 0",
    "2026-10-25T04:59:59Z, 0",
    "2026-10-25T05:00:00Z, 1000000"
  })
  void limitsByTheHour(Instant now, long expected) {
    assertEquals(expected, POLICY.at(now).orElse(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 65_535, (1L << 40) + 1})
  void whatNobodyCanKeepIsRefused(long limit) {
    OptionalLong given = OptionalLong.of(limit);
    assertThrows(
        IllegalArgumentException.class, () -> new RatePolicy(given, List.of(), ZoneId.of("UTC")));
  }
}
