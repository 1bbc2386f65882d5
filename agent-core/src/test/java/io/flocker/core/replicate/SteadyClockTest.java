package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T12:00:00Z");

  private Instant wall = BEGIN;
  private long nanos = Long.MAX_VALUE - 1; // System.nanoTime may overflow.
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

  @Test
  void isTheWallClockWhereNobodySetsThat() {
    for (int second = 1; second < 100; second++) {
      pass(Duration.ofSeconds(1));
      assertEquals(BEGIN.plusSeconds(second), clock.instant());
    }
  }

  @Test
  void goesOnWhereTheWallClockIsSetBackAndMeetsItLater() {
    wall = wall.minusSeconds(3600);
    pass(Duration.ofMinutes(4));
    assertEquals(BEGIN.plus(Duration.ofMinutes(3)), clock.instant());

    pass(Duration.ofHours(5));
    assertEquals(wall, clock.instant());
  }

  @Test
  void jumpsNotWhereTheWallClockDoesAndMeetsItLater() {
    wall = wall.plusSeconds(3600);
    pass(Duration.ofMinutes(4));
    assertEquals(BEGIN.plus(Duration.ofMinutes(5)), clock.instant());

    pass(Duration.ofHours(5));
    assertEquals(wall, clock.instant());
  }

  @Test
  void aMachineThatHearsWhatDayItIsIsFollowedAtOnce() {
    wall = wall.plus(Duration.ofDays(20_000));
    pass(Duration.ofSeconds(1));

    assertEquals(wall, clock.instant());
  }

  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
  }
}
