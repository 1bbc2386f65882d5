package io.flocker.core.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.SnapshotPurpose;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RetentionRulesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final NodeId PEER = NodeId.random();

  @Test
  @DisplayName("S07 of each hour, day, week, month and year that count the first one stays")
  void theFirstOfEachPeriodStays() {
    String[] times = {
      "2025-12-30T10:00:00Z",
      "2026-01-31T09:00:00Z",
      "2026-02-01T08:00:00Z", // a Sunday
      "2026-02-02T08:00:00Z",
      "2026-02-02T08:59:59Z",
      "2026-02-02T09:00:00Z",
      "2026-02-02T09:01:00Z",
    };

    assertEquals(Set.of(4, 6, 7), kept(grid(2, 0, 0, 0, 0, ZoneOffset.UTC), times));
    assertEquals(Set.of(3, 4, 7), kept(grid(0, 2, 0, 0, 0, ZoneOffset.UTC), times));
    assertEquals(Set.of(2, 4, 7), kept(grid(0, 0, 2, 0, 0, ZoneOffset.UTC), times));
    assertEquals(Set.of(2, 3, 7), kept(grid(0, 0, 0, 2, 0, ZoneOffset.UTC), times));
    assertEquals(Set.of(1, 2, 7), kept(grid(0, 0, 0, 0, 2, ZoneOffset.UTC), times));
    assertEquals(Set.of(1, 2, 3, 4, 6, 7), kept(grid(9, 9, 9, 9, 9, ZoneOffset.UTC), times));
  }

  @Test
  @DisplayName("S07 a day is that of the time zone")
  void aDayIsThatOfTheTimeZone() {
    String[] times = {"2026-01-01T22:30:00Z", "2026-01-01T23:30:00Z", "2026-01-02T00:30:00Z"};

    assertEquals(Set.of(1, 3), kept(grid(0, 2, 0, 0, 0, ZoneOffset.UTC), times));
    assertEquals(Set.of(1, 2, 3), kept(grid(0, 2, 0, 0, 0, BERLIN), times));
  }

  @Test
  @DisplayName("S07 the hour that the clocks repeat in autumn counts as two")
  void theRepeatedHourCountsAsTwo() {
    String[] times = {
      "2026-10-25T01:10:00+02:00",
      "2026-10-25T02:10:00+02:00",
      "2026-10-25T02:50:00+02:00",
      "2026-10-25T02:10:00+01:00",
      "2026-10-25T03:10:00+01:00",
      "2026-10-25T03:50:00+01:00",
    };

    assertEquals(Set.of(1, 2, 4, 5, 6), kept(grid(4, 0, 0, 0, 0, BERLIN), times));
    assertEquals(Set.of(1, 6), kept(grid(0, 1, 0, 0, 0, BERLIN), times));
  }

  @Test
  @DisplayName("S07 the hour that the clocks leave out in spring is not missed")
  void theMissingHourIsNotMissed() {
    String[] times = {
      "2026-03-28T23:30:00+01:00",
      "2026-03-29T00:30:00+01:00",
      "2026-03-29T01:59:00+01:00",
      "2026-03-29T03:00:00+02:00",
      "2026-03-29T23:59:00+02:00",
      "2026-03-30T00:00:00+02:00",
    };

    assertEquals(Set.of(3, 4, 5, 6), kept(grid(4, 0, 0, 0, 0, BERLIN), times));
    assertEquals(Set.of(1, 2, 6), kept(grid(0, 3, 0, 0, 0, BERLIN), times));
  }

  @Test
  @DisplayName("S07 an hour of which the clocks repeat or leave out half is one hour")
  void halfAnHourMoreOrLessIsNoHourOfItsOwn() {
    ZoneId lordHowe = ZoneId.of("Australia/Lord_Howe");
    String[] autumn = {
      "2026-04-05T00:50:00+11:00",
      "2026-04-05T01:10:00+11:00",
      "2026-04-05T01:50:00+11:00",
      "2026-04-05T01:40:00+10:30",
      "2026-04-05T02:10:00+10:30",
    };
    String[] spring = {
      "2026-10-04T01:50:00+10:30",
      "2026-10-04T02:40:00+11:00",
      "2026-10-04T02:50:00+11:00",
      "2026-10-04T03:00:00+11:00",
    };

    assertEquals(Set.of(1, 2, 5), kept(grid(4, 0, 0, 0, 0, lordHowe), autumn));
    assertEquals(Set.of(1, 2, 4), kept(grid(4, 0, 0, 0, 0, lordHowe), spring));
  }

  @Test
  @DisplayName("S07 the 29th of February is a day of its month")
  void aLeapDayIsADay() {
    String[] times = {"2028-02-28T12:00:00Z", "2028-02-29T12:00:00Z", "2028-03-01T12:00:00Z"};

    assertEquals(Set.of(1, 2, 3), kept(grid(0, 3, 0, 0, 0, ZoneOffset.UTC), times));
    assertEquals(Set.of(1, 3), kept(grid(0, 0, 0, 2, 0, ZoneOffset.UTC), times));
  }

  @Test
  void ageIsSeenFromTheNewest() {
    String[] times = {
      "2026-01-01T00:00:00Z", "2026-01-01T12:00:00Z", "2026-01-02T11:00:00Z", "2026-01-02T12:00:00Z"
    };
    RetentionRules day =
        new RetentionRules(1, Optional.of(Duration.ofHours(24)), 0, 0, 0, 0, 0, ZoneOffset.UTC);

    assertEquals(Set.of(2, 3, 4), kept(day, times));
  }

  @Test
  void periodsWithoutASnapshotDoNotCount() {
    String[] times = {"2020-01-01T00:00:00Z", "2023-01-01T00:00:00Z", "2026-01-01T00:00:00Z"};

    assertEquals(Set.of(1, 2, 3), kept(grid(3, 0, 0, 0, 0, ZoneOffset.UTC), times));
  }

  @RepeatedTest(200)
  @DisplayName("S07 who prunes at every snapshot keeps what who prunes once keeps")
  void pruningEarlyLosesNothing(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    RetentionRules rules = anyRules(random);
    List<Snapshot> all = anySnapshots(random);
    List<Snapshot> left = new ArrayList<>();
    for (Snapshot snapshot : all) {
      left.add(snapshot);
      left.removeAll(expendable(left, Map.of(), rules));
    }

    List<Snapshot> once = new ArrayList<>(all);
    once.removeAll(expendable(all, Map.of(), rules));
    assertEquals(once, left, rules::toString);
  }

  @RepeatedTest(200)
  @DisplayName("S05 whatever the rules, what somebody needs or took stays, in bounds")
  void whatIsNeededStays(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    RetentionRules rules = anyRules(random);
    List<Snapshot> all = anySnapshots(random);
    Set<Guid> held =
        all.stream()
            .filter(_ -> random.nextInt(4) == 0)
            .map(Snapshot::guid)
            .collect(Collectors.toSet());
    List<Snapshot> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);

    List<Snapshot> gone = expendable(shuffled, Map.of(PEER, held), rules);

    Set<Snapshot> left = new HashSet<>(all);
    left.removeAll(Set.copyOf(gone));
    assertTrue(left.contains(all.getLast()));
    assertTrue(gone.stream().allMatch(Retention::isPrunable));
    all.reversed().stream()
        .filter(snapshot -> held.contains(snapshot.guid()))
        .findFirst()
        .ifPresent(common -> assertTrue(left.contains(common), common::toString));
    assertEquals(
        List.of(),
        expendable(List.copyOf(left), Map.of(PEER, held), rules),
        "a second round finds nothing more");
    if (rules.within().isEmpty()) {
      int most =
          rules.last()
              + rules.hourly()
              + rules.daily()
              + rules.weekly()
              + rules.monthly()
              + rules.yearly()
              + 2; // The newest of all, and the peer's base.
      assertTrue(left.stream().filter(Retention::isPrunable).count() <= most, rules::toString);
    }
  }

  @RepeatedTest(100)
  @DisplayName("S07 the days that count are those of the calendar, wherever the clock has jumped")
  void whatIsOldNeedNotBeLookedUp(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    // A zone that skipped a day, and one whose clocks move by half an hour.
    ZoneId zone = ZoneId.of(random.nextBoolean() ? "Pacific/Apia" : "Australia/Lord_Howe");
    List<Snapshot> newestFirst = new ArrayList<>();
    Instant time = Instant.parse("2012-01-10T00:00:00Z");
    for (int number = 500; number > 0; number--) {
      time = time.minusSeconds(random.nextInt(40_000) - 4_000);
      newestFirst.add(taken(number, time));
    }
    int days = 1 + random.nextInt(30);
    Map<Object, Guid> firsts = new HashMap<>();
    for (Snapshot snapshot : newestFirst) {
      Object day = snapshot.creation().atZone(zone).toLocalDate();
      if (firsts.size() < days || firsts.containsKey(day)) {
        firsts.put(day, snapshot.guid());
      }
    }
    firsts.put("newest", newestFirst.getFirst().guid());

    assertEquals(Set.copyOf(firsts.values()), grid(0, days, 0, 0, 0, zone).kept(newestFirst));
  }

  private static List<Snapshot> expendable(
      List<Snapshot> snapshots, Map<NodeId, Set<Guid>> held, RetentionRules rules) {
    return Retention.expendable(snapshots, held, List.of(rules));
  }

  private static RetentionRules anyRules(Random random) {
    return new RetentionRules(
        1 + random.nextInt(4),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(Duration.ofMinutes(random.nextInt(10_000))),
        random.nextInt(5),
        random.nextInt(5),
        random.nextInt(3),
        random.nextInt(3),
        random.nextInt(3),
        List.of(BERLIN, ZoneOffset.UTC, ZoneId.of("Australia/Lord_Howe"), ZoneId.of("Asia/Kolkata"))
            .get(random.nextInt(4)));
  }

  /** Around the autumn change of Berlin's clocks, or over years; some of them are users'. */
  private static List<Snapshot> anySnapshots(Random random) {
    Instant time = Instant.parse("2026-10-24T00:00:00Z");
    int longest = random.nextBoolean() ? 3_600 : 3_600 * 24 * 30;
    List<Snapshot> snapshots = new ArrayList<>();
    for (int number = 1; number <= 60; number++) {
      time = time.plusSeconds(random.nextInt(longest));
      snapshots.add(
          random.nextInt(10) == 0
              ? new Snapshot("by-hand-" + number, new Guid(number), number, time)
              : taken(number, time));
    }
    return snapshots;
  }

  /** The numbers, from 1, of those that stay of snapshots taken at these times. */
  private static Set<Integer> kept(RetentionRules rules, String... times) {
    List<Snapshot> snapshots = new ArrayList<>();
    Arrays.stream(times)
        .forEach(time ->
            snapshots.add(taken(snapshots.size() + 1, OffsetDateTime.parse(time).toInstant())));
    List<Snapshot> left = new ArrayList<>(snapshots);
    left.removeAll(expendable(snapshots, Map.of(), rules));
    return left.stream().map(snapshot -> (int) snapshot.createtxg()).collect(Collectors.toSet());
  }

  private static RetentionRules grid(
      int hourly, int daily, int weekly, int monthly, int yearly, ZoneId zone) {
    return new RetentionRules(1, Optional.empty(), hourly, daily, weekly, monthly, yearly, zone);
  }

  private static Snapshot taken(int number, Instant time) {
    return new Snapshot(
        new SnapshotName(time, SnapshotPurpose.PUSH, number).toString(),
        new Guid(number),
        number,
        time);
  }
}
