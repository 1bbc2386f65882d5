package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.Wait;
import io.flocker.core.replicate.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReplicationTest {
  private final Island island = new Island(4);
  private final NodeId peer = NodeId.random();
  private final NodeId other = NodeId.random();

  @Test
  void aVolumeWithAPolicyIsCopiedAndEachWriteFollows() {
    VolumeId volume = island.volume(peer);
    assertEquals(CopyStatus.State.NEW, settled(volume, peer, CopyStatus.State.NEW));

    island.settle();
    assertTrue(island.isThere(volume, peer));
    island.pass(Duration.ofMinutes(1));
    island.write(volume);
    assertFalse(island.isThere(volume, peer));
    island.settle();

    assertTrue(island.isThere(volume, peer));
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
    assertEquals("change", island.status(volume, peer).waitsFor().step());
  }

  @Test
  @DisplayName("S04 where nothing is written nothing is snapshotted, sent or asked of a peer")
  void leavesAloneWhatIsNotWritten() {
    for (int number = 0; number < 1_000; number++) {
      var _ = island.volume(peer);
    }
    island.settle();
    int snapshots = island.snapshots;
    island.pushed.clear();

    for (int round = 0; round < 10; round++) {
      island.pass(Duration.ofMinutes(1));
      island.settle();
    }

    assertEquals(List.of(), island.pushed);
    assertEquals(snapshots, island.snapshots);
  }

  @Test
  @DisplayName("S02 what is written within the pause is sent once")
  void sendsManyChangesOnce() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.pushed.clear();
    for (int change = 0; change < 1_000; change++) {
      island.write(volume);
      var _ = island.replication.round();
    }
    assertEquals("pause", island.status(volume, peer).waitsFor().step());

    island.pass(Duration.ofSeconds(1));
    island.settle();

    assertEquals(1, island.pushed.size());
    assertTrue(island.isThere(volume, peer));
  }

  @Test
  void aSnapshotThatOnePeerWasSentDoesForTheOthers() {
    VolumeId volume = island.volume(peer, other);
    island.settle();

    assertEquals(1, island.snapshots);
    assertTrue(island.isThere(volume, peer));
    assertTrue(island.isThere(volume, other));
  }

  @Test
  void copiesThatBeginTogetherAreSentOneSnapshotThoughTheVolumeIsBeingWritten() {
    VolumeId volume = island.volume(peer, other);
    island.fault =
        (_, _) -> {
          island.fault = (_, _) -> {};
          island.write(volume);
        };
    var _ = island.replication.round();
    island.finish();
    assertEquals(1, island.snapshots);
    assertEquals(Set.of(peer, other), arrived(volume));

    island.pass(Duration.ofSeconds(1));
    island.settle();

    assertEquals(2, island.snapshots);
    assertTrue(island.isThere(volume, peer));
    assertTrue(island.isThere(volume, other));
  }

  @Test
  void whatIsWrittenWhileTheSnapshotIsOnItsWayFollows() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.pass(Duration.ofMinutes(1));
    island.fault =
        (_, _) -> {
          island.fault = (_, _) -> {};
          island.write(volume);
        };
    island.write(volume);
    var _ = island.replication.round();
    island.finish();
    assertEquals(island.now, island.now.minus(lag(volume)));
    assertFalse(island.isThere(volume, peer));

    island.pass(Duration.ofSeconds(1));
    island.settle();

    assertTrue(island.isThere(volume, peer));
  }

  @Test
  @DisplayName("S12 a peer that is away is tried ever later, and at once when it answers again")
  void triesAgainWhenThePeerAnswers() {
    VolumeId volume = island.volume(peer);
    island.fault =
        (_, _) -> {
          throw TransferFailure.PEER_UNREACHABLE.because("nobody answers");
        };
    for (int second = 0; second < 600; second++) {
      island.settle();
      island.pass(Duration.ofSeconds(1));
    }
    CopyStatus status = island.status(volume, peer);
    assertEquals(CopyStatus.State.FAILED, status.state());
    assertTrue(island.pushed.size() < 80, () -> "tried " + island.pushed.size() + " times");
    assertEquals(600, status.lagSeconds());
    assertEquals(island.pushed.size(), status.tries());
    assertEquals(
        TransferFailure.PEER_UNREACHABLE.remedy(), status.lastError().orElseThrow().get("remedy"));

    island.fault = (_, _) -> {};
    island.replication.heard(Event.of(EventType.PEER_REACHABLE, Map.of("node", peer)));
    island.settle();

    assertTrue(island.isThere(volume, peer));
    assertEquals(0, island.status(volume, peer).tries());
    assertEquals(
        List.of("failed", "current"),
        island.events.stream()
            .map(event ->
                ((CopyStatus) Objects.requireNonNull(event.members().get("copy")))
                    .state()
                    .toString())
            .toList());
  }

  @Test
  void aQuietCopyTellsThatItsNodeIsNoPeerAnyMore() {
    VolumeId volume = island.volume(peer, other);
    island.settle();
    island.fault =
        (copy, _) -> {
          if (copy.peer().equals(peer)) {
            throw OwnershipFailure.PEER_UNKNOWN.because("no peer of that id");
          }
        };

    island.replication.heard(Event.of(EventType.PEER_REMOVED, Map.of("node", peer)));
    island.pass(Policy.USUAL_MIN_INTERVAL);
    island.settle();

    assertEquals(CopyStatus.State.HINDERED, island.status(volume, peer).state());
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, other).state());
  }

  @Test
  @DisplayName("S04 a peer that is tried again and again costs one snapshot")
  void takesNoSnapshotForATry() {
    VolumeId volume = island.volume(peer, other);
    island.fault =
        (copy, _) -> {
          if (copy.peer().equals(peer)) {
            throw TransferFailure.PEER_UNREACHABLE.because("nobody answers");
          }
        };
    for (int second = 0; second < 60; second++) {
      island.settle();
      island.pass(Duration.ofSeconds(1));
    }

    assertEquals(1, island.snapshots);
    assertTrue(island.isThere(volume, other));
  }

  @Test
  void whatNoTryMendsHindersOnlyItself() {
    VolumeId volume = island.volume(peer, other);
    island.fault =
        (copy, _) -> {
          if (copy.peer().equals(peer)) {
            throw TransferFailure.DIVERGED.because("the copy was changed");
          }
        };

    island.settle();

    assertEquals(CopyStatus.State.HINDERED, island.status(volume, peer).state());
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, other).state());
    island.fault = (_, _) -> {};
    island.policies.put(
        volume, new Policy(List.of(peer, other), Duration.ofHours(1), Duration.ofSeconds(1)));
    island.settle();
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
  }

  @Test
  void whoeverIsAtWorkOnTheVolumeIsNoFailureOfTheCopy() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.write(volume);
    island.fault =
        (_, _) -> {
          throw OwnershipFailure.VOLUME_LOCKED.because("a handoff works on the volume");
        };
    island.pass(Duration.ofSeconds(1));
    island.settle();

    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
    assertEquals("retry", island.status(volume, peer).waitsFor().step());
  }

  @Test
  void theLagOfBeforeCountsAfterTheDaemonWasKilled() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.pass(Duration.ofMinutes(10));
    island.write(volume);
    var _ = island.replication.round();
    island.pass(Duration.ofMinutes(2));

    island.restart();
    var _ = island.replication.round();

    assertEquals(Duration.ofMinutes(2), lag(volume));
    assertEquals(CopyStatus.State.BEHIND, island.status(volume, peer).state());
    island.settle();
    assertTrue(island.isThere(volume, peer));
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
  }

  @Test
  void whatNobodyCouldSeeCountsFromWhenSomebodyLookedLast() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.pass(Duration.ofMinutes(10));
    island.replication.compared(island.now);
    var _ = island.replication.round();
    island.content.merge(volume, 1, Integer::sum);
    island.pass(Duration.ofMinutes(5));

    island.restart();
    var _ = island.replication.round();

    assertEquals(Duration.ofMinutes(5), lag(volume));
    assertEquals(CopyStatus.State.BEHIND, island.status(volume, peer).state());
    island.settle();
    assertEquals(Duration.ZERO, lag(volume));
  }

  @Test
  void whatThePeerHasCountsWhereThatIsNewerThanTheLastLook() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.replication.compared(island.now);
    island.pass(Duration.ofMinutes(10));
    island.write(volume);
    island.settle();
    island.pass(Duration.ofMinutes(3));

    island.restart();
    var _ = island.replication.round();

    assertEquals(Duration.ofMinutes(3), lag(volume));
  }

  @Test
  void aChangeOfBeforeTheClockWasSetBackIsSentByTheNextDaemon() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.write(volume);
    island.pass(Duration.ofSeconds(2));
    var _ = island.replication.round();

    island.pass(Duration.ofHours(-1));
    island.restart();
    island.settle(); // The pause after the last snapshot may still hold.
    island.pass(Duration.ofSeconds(1));
    island.settle();

    assertTrue(island.isThere(volume, peer));
  }

  @Test
  void whatFailedBeforeTheClockWasSetBackIsTriedAgainSoonByTheNextDaemon() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.pass(Duration.ofMinutes(10));
    island.write(volume);
    island.fault =
        (_, _) -> {
          throw TransferFailure.PEER_UNREACHABLE.because("nobody answers");
        };
    island.settle();
    assertEquals(CopyStatus.State.FAILED, island.status(volume, peer).state());
    island.fault = (_, _) -> {};

    island.pass(Duration.ofHours(-1));
    island.restart();
    island.settle();
    island.pass(Duration.ofSeconds(10)); // As long as a peer that is away is left alone at most.
    island.settle();

    assertTrue(island.isThere(volume, peer));
  }

  @Test
  void whatWasWrittenWhileNoDaemonRanIsSent() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.content.merge(volume, 1, Integer::sum);
    island.pass(Duration.ofMinutes(1));

    island.restart();
    island.settle();

    assertTrue(island.isThere(volume, peer));
  }

  @Test
  void aPolicyThatIsTakenAwayEndsItsWorkAndIsForgotten() throws Exception {
    VolumeId volume = island.volume(peer);
    CountDownLatch hangs = new CountDownLatch(1);
    island.fault = Island.hanging(Wait.BYTES, hangs);
    var _ = island.replication.round();
    Thread worker = Thread.ofVirtual().start(island::finish);
    hangs.await();
    island.fault =
        (_, _) -> {
          throw new AssertionError("begun anew");
        };
    island.policies.clear();
    var _ = island.replication.round();

    worker.interrupt(); // As the cancelled stream would end.
    worker.join();

    assertEquals(List.of(), island.replication.status());
    var _ = island.replication.round();
    assertEquals(Map.of(), island.store.records);
    assertEquals(Optional.empty(), island.begun.stream().findFirst());
    assertFalse(island.isThere(volume, peer));
  }

  @Test
  void aVolumeThatWasGivenAwayIsTheNewOwnersToReplicate() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.foreign.add(volume);
    island.write(volume);
    island.pushed.clear();

    island.settle();

    assertEquals(List.of(), island.pushed);
    assertEquals(List.of(), island.replication.status());
    assertEquals(Map.of(), island.store.records);
  }

  /** Who watches for writes rests until then. */
  @Test
  void tellsOnceOtherVolumesHaveCopies() {
    AtomicInteger told = new AtomicInteger();
    island.replication.onOtherVolumes(told::incrementAndGet);
    island.settle();
    int before = told.get();

    VolumeId volume = island.volume(peer);
    island.settle();
    assertEquals(before + 1, told.get());
    island.settle();
    assertEquals(before + 1, told.get(), "nothing new");
    island.foreign.add(volume);
    island.settle();

    assertEquals(before + 2, told.get());
  }

  @Test
  void ofAVolumeThatIsGoneOnlyTheCopiesThatItHadAreToldOf() {
    VolumeId volume = island.volume(peer);
    island.settle();
    VolumeId neverHere = island.volume(peer);
    island.vanished.addAll(List.of(volume, neverHere));
    island.fault =
        (_, _) -> {
          throw OwnershipFailure.VOLUME_NOT_FOUND.because("it is gone");
        };

    island.settle();
    assertEquals(CopyStatus.State.HINDERED, island.status(volume, peer).state());
    island.restart();
    island.settle();
    assertEquals(CopyStatus.State.HINDERED, island.status(volume, peer).state());
    assertEquals(List.of(), island.replication.status(neverHere));

    island.fault = (_, _) -> {};
    island.vanished.clear();
    island.settle();
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
  }

  @Test
  void aPoolThatIsAwayForgetsNothing() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.poolAway = Optional.of(StorageFailure.POOL_UNAVAILABLE.because("the pool is away"));

    island.settle();
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
    island.restart();
    island.settle();

    assertEquals(1, island.store.records.size());
    island.poolAway = Optional.empty();
    island.settle();
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
  }

  @Test
  void aFullStateDiskDoesNotKeepCopiesFromBeingMade() {
    VolumeId volume = island.volume(peer);
    island.store.isFull = true;
    island.settle();
    assertTrue(island.isThere(volume, peer));
    assertEquals(Map.of(), island.store.records);

    island.store.isFull = false;
    island.settle();

    assertEquals(
        Optional.empty(),
        Objects.requireNonNull(island.store.records.get(new Copy(volume, peer))).changed());
  }

  @Test
  void theEndOfTheDaemonEndsWhatIsUnderWayAndBlamesNobody() throws Exception {
    VolumeId volume = island.volume(peer);
    CountDownLatch hangs = new CountDownLatch(1);
    island.fault = Island.hanging(Wait.BYTES, hangs);
    var _ = island.replication.round();
    Thread worker = Thread.ofVirtual().start(island::finish);
    hangs.await();

    island.replication.close();
    worker.join();

    assertEquals(
        Optional.empty(),
        Objects.requireNonNull(island.store.records.get(new Copy(volume, peer))).setback());
    island.fault = (_, _) -> {};
    island.restart();
    island.settle();
    assertTrue(island.isThere(volume, peer));
  }

  /** Looks around once, and has nothing done. */
  private CopyStatus.State settled(VolumeId volume, NodeId at, CopyStatus.State expected) {
    var _ = island.replication.round();
    assertEquals(expected, island.status(volume, at).state());
    return island.status(volume, at).state();
  }

  private Duration lag(VolumeId volume) {
    return Duration.ofMillis((long) (island.status(volume, peer).lagSeconds() * 1_000));
  }

  /** Who has a copy, be it behind. */
  private Set<NodeId> arrived(VolumeId volume) {
    return island.there.keySet().stream()
        .filter(copy -> copy.volume().equals(volume))
        .map(Copy::peer)
        .collect(Collectors.toSet());
  }
}
