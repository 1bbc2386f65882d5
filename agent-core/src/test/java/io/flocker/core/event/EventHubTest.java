package io.flocker.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Permissions;
import io.flocker.core.identity.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class EventHubTest {
  private static final Principal ALICE = new Principal.User("alice");
  private static final Principal BOB = new Principal.User("bob");
  private static final EventFilter ALL = EventFilter.all(ALICE);
  private static final EventLimits SMALL = new EventLimits(64, 40, 4_000, 8, 1_000, 3, 2);

  private final CountDownLatch gate = new CountDownLatch(1);
  private EventHub hub = EventHub.start(EventHubTest::text, SMALL);

  @AfterEach
  void close() {
    gate.countDown();
    hub.close();
  }

  @Test
  void aListenerGetsWhatHappensFromThenOnInOrder() throws Exception {
    try (Listener first = listener()) {
      tell(1);
      assertEquals("1 peer.changed 1", first.next());
    }
    try (Listener second = listener()) {
      tell(2, 3);

      assertEquals(List.of("2 peer.changed 2", "3 peer.changed 3"), second.next(2));
      assertEquals(3, second.subscription().position().sequence());
    }
  }

  @Test
  void everyListenerGetsAllOfManyTellers() throws Exception {
    try (Listener listener = listener()) {
      for (int teller = 0; teller < 4; teller++) {
        int own = teller;
        var _ =
            Thread.startVirtualThread(() -> IntStream.range(0, 4).forEach(i -> tell(own * 10 + i)));
      }
      List<Integer> got = new ArrayList<>();
      for (String text : listener.next(16)) {
        got.add(Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1)));
      }

      for (int teller = 0; teller < 4; teller++) {
        int own = teller;
        assertEquals(
            IntStream.range(own * 10, own * 10 + 4).boxed().toList(),
            got.stream().filter(number -> number / 10 == own).toList());
      }
    }
  }

  @Test
  void whoComesBackGetsWhatItMissedWithoutGapOrDouble() throws Exception {
    EventId left;
    try (Listener listener = listener()) {
      tell(1, 2, 3);
      var _ = listener.next(2);
      left = listener.subscription().position();
    }
    tell(4);
    try (Listener again = new Listener(hub, ALL, Optional.of(left))) {
      tell(5);

      assertEquals(
          List.of("3 peer.changed 3", "4 peer.changed 4", "5 peer.changed 5"), again.next(3));
    }
  }

  @Test
  void aReplayLongerThanTheQueueComesWhole() throws Exception {
    EventId start;
    try (Listener listener = listener()) {
      tell(1);
      var _ = listener.next();
      start = listener.subscription().position();
      for (int number = 2; number <= 40; number++) {
        tell(number);
        var _ = listener.next();
      }
    }
    try (Listener again = new Listener(hub, ALL, Optional.of(start))) {
      List<String> replayed = again.next(39);

      assertEquals("2 peer.changed 2", replayed.getFirst());
      assertEquals("40 peer.changed 40", replayed.getLast());
    }
  }

  @Test
  void whatTheJournalHasForgottenIsToldAsAGap() throws Exception {
    try (Listener listener = listener()) {
      tell(1);
      var _ = listener.next();
      EventId left = listener.subscription().position();
      for (int number = 2; number <= 50; number++) {
        tell(number);
        var _ = listener.next();
      }
      try (Listener late = new Listener(hub, ALL, Optional.of(left))) {
        assertEquals("10 gap forgotten", late.next());
        assertEquals(10, late.subscription().position().sequence());
        assertEquals("11 peer.changed 11", late.next());
      }
    }
  }

  @Test
  void theJournalIsBoundedByLengthToo() throws Exception {
    hub.close();
    hub = EventHub.start(EventHubTest::text, new EventLimits(64, 40, 60, 8, 1_000, 3, 2));
    try (Listener listener = listener()) {
      for (int number = 1; number <= 5; number++) {
        tell(number);
        var _ = listener.next();
      }
      EventId start = new EventId(listener.subscription().position().era(), 0);
      try (Listener late = new Listener(hub, ALL, Optional.of(start))) {
        assertEquals("2 gap forgotten", late.next());
        assertEquals("3 peer.changed 3", late.next());
      }
    }
  }

  @Test
  @DisplayName("H10 an id of another run of the daemon is answered by a gap and all there is")
  void anIdOfAnotherRunOfTheDaemonIsAnsweredByAGapAndAllThereIs() throws Exception {
    String era;
    try (Listener listener = listener()) {
      tell(1);
      var _ = listener.next();
      era = listener.subscription().position().era();
    }
    hub.close();
    hub = EventHub.start(EventHubTest::text, SMALL);
    try (Listener probe = listener()) {
      tell(2);
      var _ = probe.next();
    }
    try (Listener again = new Listener(hub, ALL, Optional.of(new EventId(era, 1)))) {
      assertEquals("0 gap restarted", again.next());
      assertEquals("1 peer.changed 2", again.next());
      assertNotEquals(era, again.subscription().position().era());
    }
  }

  @Test
  void whatOnlyOneMayKnowNobodyElseIsTold() throws Exception {
    try (Listener alice = listener();
        Listener bob = new Listener(hub, EventFilter.all(BOB), Optional.empty())) {
      hub.tell(event(1).onlyFor(Audience.of(ALICE)));
      tell(2);

      assertEquals("1 peer.changed 1", alice.next());
      assertEquals("2 peer.changed 2", bob.next());
    }
  }

  @Test
  void aFilterTakesTypesAndVolumes() throws Exception {
    VolumeId volume = VolumeId.random();
    EventFilter filter =
        new EventFilter(
            ALICE, Permissions.NONE, Set.copyOf(EventType.parse("snapshot")), Set.of(volume));
    try (Listener listener = new Listener(hub, filter, Optional.empty())) {
      tell(1);
      hub.tell(Event.of(EventType.VOLUME_CHANGED, volume, Map.of("number", 2)));
      hub.tell(Event.of(EventType.SNAPSHOT_TAKEN, VolumeId.random(), Map.of("number", 3)));
      hub.tell(Event.of(EventType.SNAPSHOT_TAKEN, volume, Map.of("number", 4)));

      assertEquals("4 snapshot.taken 4", listener.next());
    }
  }

  @Test
  void whoWantsLittleStillMovesOn() throws Exception {
    EventFilter few =
        new EventFilter(ALICE, Permissions.NONE, Set.of(EventType.VOLUME_CREATED), Set.of());
    try (Listener idle = new Listener(hub, few, Optional.empty());
        Listener busy = listener()) {
      for (int number = 1; number <= 100; number++) {
        tell(number);
        var _ = busy.next();
      }
      hub.tell(Event.of(EventType.VOLUME_CREATED, VolumeId.random(), Map.of("number", 101)));

      assertEquals("101 volume.created 101", idle.next());
    }
  }

  @Test
  void aSlowListenerKeepsNoMoreThanItsQueueAndIsGivenUp() throws Exception {
    try (Listener slow = listener();
        Listener quick = listener()) {
      for (int number = 1; number <= 500; number++) {
        tell(number);
        var _ = quick.next();
        assertTrue(slow.subscription().queuedLength() <= 8 * 24, "the queue's bound");
      }
      slow.awaitLag();

      assertEquals("1 peer.changed 1", slow.next());
      assertEquals(1, slow.subscription().position().sequence());
    }
  }

  @Test
  void aQueueIsBoundedByLengthToo() throws Exception {
    hub.close();
    hub = EventHub.start(EventHubTest::text, new EventLimits(64, 40, 4_000, 8, 50, 3, 2));
    try (Listener slow = listener();
        Listener quick = listener()) {
      for (int number = 1; number <= 8; number++) {
        tell(number);
        var _ = quick.next();
      }
      assertTrue(slow.subscription().queuedLength() < 50 + 20);
      assertEquals("8 peer.changed 8", slow.next(8).getLast());
    }
  }

  @Test
  void whatIsTooMuchAtOnceIsToldAsAGap() throws Exception {
    hub.close();
    CountDownLatch busy = new CountDownLatch(1);
    hub =
        EventHub.start(
            (id, event) -> {
              busy.countDown();
              awaitGate();
              return text(id, event);
            },
            new EventLimits(64, 400, 40_000, 200, 10_000, 3, 2));
    try (Listener listener = listener()) {
      tell(1);
      busy.await();
      for (int number = 2; number <= 100; number++) {
        tell(number);
      }
      gate.countDown();

      List<String> got = new ArrayList<>();
      do {
        got.add(listener.next());
      } while (!got.getLast().endsWith("gap overloaded"));
      assertTrue(got.size() > SMALL.inbox(), () -> String.valueOf(got.size()));
    }
  }

  @Test
  void whatMayNotBeSentIsToldAsAGap() throws Exception {
    hub.close();
    hub =
        EventHub.start(
            (id, event) ->
                event.type() == EventType.PEER_REMOVED ? Optional.empty() : text(id, event),
            SMALL);
    try (Listener listener = listener()) {
      hub.tell(Event.of(EventType.PEER_REMOVED, Map.of()));
      tell(2);

      assertEquals(List.of("1 gap withheld", "2 peer.changed 2"), listener.next(2));
    }
  }

  @Test
  void onlySoManyMayListen() throws Exception {
    try (Listener first = listener();
        Listener _ = listener();
        Listener _ = listenerOf(BOB)) {
      FailureException refusal = assertThrows(FailureException.class, () -> listenerOf(BOB));
      assertEquals(RequestFailure.TOO_MANY_REQUESTS, refusal.failure());

      first.leave();
      listenerOf(BOB).leave();
    }
  }

  @Test
  void nobodyTakesThePlacesOfOthers() throws Exception {
    try (Listener first = listener();
        Listener _ = listener()) {
      FailureException refusal = assertThrows(FailureException.class, this::listener);
      assertEquals(RequestFailure.TOO_MANY_REQUESTS, refusal.failure());
      listenerOf(BOB).leave();

      first.leave();
      listener().leave();
    }
  }

  @Test
  void whoHasLeftIsGivenNothing() throws Exception {
    Listener gone = listener();
    gone.close();
    try (Listener other = listener()) {
      tell(1);
      var _ = other.next();
    }
    assertNull(gone.subscription().poll());
  }

  private Listener listenerOf(Principal reader) throws Exception {
    return new Listener(hub, EventFilter.all(reader), Optional.empty());
  }

  private Listener listener() throws Exception {
    return new Listener(hub, ALL, Optional.empty());
  }

  private void tell(int... numbers) {
    for (int number : numbers) {
      hub.tell(event(number));
    }
  }

  private static Event event(int number) {
    return Event.of(EventType.PEER_CHANGED, Map.of("number", number));
  }

  private void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> text(EventId id, Event event) {
    Object what =
        event.type() == EventType.GAP
            ? event.members().get("reason")
            : event.members().get("number");
    return Optional.of(id.sequence() + " " + event.type() + " " + what);
  }
}
