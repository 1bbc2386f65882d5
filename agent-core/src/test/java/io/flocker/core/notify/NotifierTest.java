package io.flocker.core.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.NotifyFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NotifierTest {
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final VolumeName NAME = VolumeName.parse("default.volume");

  private final NodeId self = NodeId.random();
  private final Map<Subject, Standing> standings = new LinkedHashMap<>();
  private final Map<Subject, Told> rows = new HashMap<>();
  private final List<Notification> told = new ArrayList<>();
  private final List<UUID> tried = new ArrayList<>();
  private boolean isDown;
  private boolean isKilled;
  private Optional<Subject> refused = Optional.empty();
  private boolean isFull;
  private boolean areKnown = true;
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");
  private Notifier notifier = started();

  @Test
  void tellsEachChangeOnce() {
    Subject copy = stands(copy(), "current");
    rounds();

    becomes(copy, "failed");
    rounds();
    pass(PAUSE);
    becomes(copy, "current");
    rounds();

    assertEquals(List.of("current>failed", "failed>current"), told());
    assertTrue(told.getFirst().json().contains("\"state\":\"failed\""), told.getFirst().json());
  }

  @Test
  void tellsAVolumeThatIsContestedAndWhenThatHasEnded() {
    Subject volume = stands(new Subject(VolumeId.random(), Optional.empty()), Standing.SETTLED);
    rounds();

    becomes(volume, "contested");
    rounds();
    pass(PAUSE);
    becomes(volume, Standing.SETTLED);
    rounds();

    assertEquals(List.of("settled>contested", "contested>settled"), told());
  }

  @Test
  void tellsNothingOfWhatIsWellWhenItBegins() {
    for (int number = 0; number < 1_000; number++) {
      var _ = stands(copy(), number % 2 == 0 ? "current" : "new");
    }
    var _ = stands(copy(), "hindered");

    rounds();

    assertEquals(List.of("?>hindered"), told());
  }

  @Test
  void tellsThatTheFirstSnapshotHasArrivedEvenWhereItIsLate() {
    Subject copy = copy();
    var _ = stands(copy, "current");

    heard(copy, "new");
    rounds();

    assertEquals(List.of("new>current"), told());
  }

  @Test
  void aCopyThatFlapsIsNoStorm() {
    Subject copy = stands(copy(), "current");
    rounds();

    for (int second = 0; second < 600; second++) {
      becomes(copy, second % 2 == 0 ? "behind" : "current");
      rounds();
      pass(Duration.ofSeconds(1));
    }

    assertTrue(told.size() <= 61, () -> told.size() + " in ten minutes");
    assertTrue(told.size() >= 30, () -> told.size() + " in ten minutes");
  }

  @Test
  void aTargetThatWasDownIsToldHowItStandsNow() {
    Subject first = stands(copy(), "current");
    Subject second = stands(copy(), "current");
    rounds();
    isDown = true;
    int changes = 0;
    for (int minute = 0; minute < 600; minute++) {
      becomes(first, minute % 2 == 0 ? "behind" : "failed");
      becomes(second, minute % 2 == 0 ? "behind" : "current");
      changes += 2;
      rounds();
      pass(Duration.ofMinutes(1));
    }
    assertTrue(tried.size() < changes / 4, () -> "tried " + tried.size() + " times");
    assertEquals(1, notifier.waiting());
    assertTrue(notifier.complaint().isPresent());

    isDown = false;
    pass(Duration.ofMinutes(5));
    rounds();

    assertEquals(List.of("current>failed"), told());
    assertEquals(Optional.empty(), notifier.complaint());
    assertEquals(0, notifier.waiting());
  }

  @Test
  void whatIsToldAgainKeepsItsId() {
    Subject copy = stands(copy(), "failed");
    isDown = true;
    rounds();
    pass(Duration.ofMinutes(5));
    rounds();

    assertEquals(2, tried.size());
    assertEquals(1, Set.copyOf(tried).size());

    becomes(copy, "hindered");
    pass(Duration.ofMinutes(5));
    rounds();
    assertEquals(2, Set.copyOf(tried).size());
  }

  @Test
  void whatIsRefusedHoldsUpNothingElse() {
    Subject bad = stands(copy(), "failed");
    refused = Optional.of(bad);
    rounds();
    Subject other = stands(copy(), "failed");
    pass(Duration.ofMinutes(5));
    rounds();

    assertEquals(List.of(other), told.stream().map(each -> each.standing().subject()).toList());
  }

  @Test
  void aLaterDaemonTellsOnlyWhatWasNotTold() {
    Subject known = stands(copy(), "failed");
    rounds();
    isDown = true;
    Subject missed = stands(copy(), "hindered");
    rounds();
    isDown = false;

    notifier = started();
    areKnown = false;
    Map<Subject, Standing> before = Map.copyOf(standings);
    standings.clear();
    rounds();
    standings.putAll(before);
    areKnown = true;
    rounds();

    assertEquals(List.of("?>failed", "?>hindered"), told());
    assertEquals(Set.of(known, missed), rows.keySet());
  }

  /** The alarm was raised, and the daemon killed before it could write that down. */
  @Test
  void aDaemonThatWasKilledWhileItToldLeavesNoAlarmBehind() {
    Subject copy = stands(copy(), "current");
    rounds();
    isKilled = true;
    becomes(copy, "failed");
    assertThrows(AssertionError.class, this::rounds);

    isKilled = false;
    notifier = started();
    pass(PAUSE);
    var _ = stands(copy, "current");
    rounds();

    assertEquals(List.of("current>failed", "?>current"), told());
    rounds();
    assertEquals(2, told.size());
  }

  @Test
  void whatWasRefusedAndIsAsItWasToldIsNothingNewForALaterDaemonEither() {
    Subject copy = stands(copy(), "failed");
    rounds();
    pass(PAUSE);
    isDown = true;
    becomes(copy, "hindered");
    rounds();

    isDown = false;
    notifier = started();
    var _ = stands(copy, "failed");
    rounds();

    assertEquals(List.of("?>failed"), told());
  }

  @Test
  void whatIsNoMoreIsForgottenAndToldWhereItWasNotWell() {
    Subject failed = stands(copy(), "failed");
    Subject well = stands(copy(), "failed");
    rounds();
    pass(PAUSE);
    becomes(well, "current");
    rounds();
    told.clear();
    pass(PAUSE);

    standings.clear();
    rounds();

    assertEquals(List.of("failed>gone"), told());
    assertEquals(failed, told.getFirst().standing().subject());
    assertEquals(Map.of(), rows);
    rounds();
    assertEquals(1, told.size());
  }

  @Test
  void goesOnWhereNothingCanBeKept() {
    Subject copy = stands(copy(), "failed");
    rounds();
    isFull = true;
    pass(PAUSE);
    becomes(copy, "current");
    rounds();
    rounds();

    assertEquals(List.of("?>failed", "failed>current"), told());
  }

  private Notifier started() {
    return new Notifier(
        self,
        new Target() {
          @Override
          public String name() {
            return "test";
          }

          @Override
          public void tell(Notification notification) throws FailureException {
            tried.add(notification.id());
            if (isDown || refused.equals(Optional.of(notification.standing().subject()))) {
              throw NotifyFailure.NOTIFICATION_FAILED.because("nobody answers");
            }
            told.add(notification);
            if (isKilled) {
              throw new AssertionError("nothing more of this daemon runs");
            }
          }
        },
        () -> new Standings.Seen(Map.copyOf(standings), areKnown, areKnown),
        new ToldStore() {
          @Override
          public Map<Subject, Told> of(String target) {
            return Map.copyOf(rows);
          }

          @Override
          public void put(String target, Subject subject, Told last) throws FailureException {
            if (isFull) {
              throw RequestFailure.STATE_UNAVAILABLE.because("the disk is full");
            }
            rows.put(subject, last);
          }

          @Override
          public void remove(String target, Subject subject) {
            rows.remove(subject);
          }
        },
        PAUSE,
        () -> now,
        () -> {});
  }

  /** Until nothing more can be done at this moment. */
  private void rounds() {
    int before;
    do {
      before = tried.size();
      var _ = notifier.round();
    } while (tried.size() > before);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private static Subject copy() {
    return new Subject(VolumeId.random(), Optional.of(NodeId.random()));
  }

  private Subject stands(Subject subject, String state) {
    standings.put(subject, new Standing(subject, Optional.of(NAME), state, now, Map.of()));
    return subject;
  }

  private void becomes(Subject subject, String state) {
    String before = Objects.requireNonNull(standings.get(subject)).state();
    var _ = stands(subject, state);
    heard(subject, before);
  }

  private void heard(Subject subject, String before) {
    subject
        .peer()
        .ifPresent(peer ->
            notifier.heard(
                Event.of(
                    EventType.REPLICATION_CHANGED,
                    subject.volume(),
                    Map.of("peer", peer, "before", before))));
  }

  private List<String> told() {
    return told.stream()
        .map(each -> each.before().orElse("?") + ">" + each.standing().state())
        .toList();
  }
}
