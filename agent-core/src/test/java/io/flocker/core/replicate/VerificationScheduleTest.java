package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VerificationScheduleTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Map<String, Object> DIFFERS =
      TransferFailure.COPY_DIFFERS.because("not the same").document();

  private final Island island = new Island(4);
  private final NodeId peer = NodeId.random();
  private final NodeId other = NodeId.random();

  private VolumeId volume(NodeId... peers) {
    VolumeId volume = island.volume(peers);
    island.policies.put(volume, Island.verified(DAY, peers));
    return volume;
  }

  private CopyStatus.Verification verification(VolumeId volume) {
    return island.status(volume, peer).verification().orElseThrow();
  }

  @Test
  void aCopyIsComparedOnceItIsThereAndThenAsOftenAsThePolicySays() {
    VolumeId volume = volume(peer, other);
    island.settle();
    assertEquals(2, island.compared.size(), "each of the copies");
    assertEquals(Optional.of(island.now.plus(DAY)), verification(volume).next());

    island.pass(DAY.minusSeconds(1));
    island.settle();
    assertEquals(2, island.compared.size());
    island.pass(Duration.ofSeconds(1));
    island.settle();

    assertEquals(4, island.compared.size());
    assertEquals(island.now, verification(volume).last().orElseThrow().at());
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
  }

  @Test
  void onlyWhatThePolicyWantsIsCompared() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island.pass(DAY);
    island.settle();

    assertEquals(List.of(), island.compared);
    assertEquals(Optional.empty(), island.status(volume, peer).verification());
  }

  @Test
  void whatWasDueWhileNoDaemonRanIsDoneAndWhatWasNotIsLeft() {
    VolumeId volume = volume(peer);
    island.settle();
    island.restart();
    island.settle();
    assertEquals(1, island.compared.size(), "not due yet");

    island.pass(DAY);
    island.restart();
    island.settle();

    assertEquals(2, island.compared.size());
    assertEquals(island.now, verification(volume).last().orElseThrow().at());
  }

  @Test
  void driftIsToldOfAndStaysUntilAComparisonFindsNone() {
    VolumeId volume = volume(peer);
    island.settle();
    island.events.clear();
    island.drift = Optional.of(DIFFERS);
    island.pass(DAY);
    island.settle();

    assertEquals(CopyStatus.State.DRIFTED, island.status(volume, peer).state());
    assertEquals(Optional.of(DIFFERS), verification(volume).last().orElseThrow().drift());
    assertEquals(
        List.of(CopyStatus.State.DRIFTED),
        island.events.stream()
            .map(
                event -> ((CopyStatus) Objects.requireNonNull(event.members().get("copy"))).state())
            .toList());
    island.restart();
    island.write(volume);
    island.settle();
    assertTrue(island.isThere(volume, peer), "pushes go on");
    assertEquals(CopyStatus.State.DRIFTED, island.status(volume, peer).state());

    island.replication.comparing(new Copy(volume, peer)).accept(found("flk.9", Optional.empty()));

    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
    assertEquals("flk.9", verification(volume).last().orElseThrow().snapshot());
  }

  @Test
  void whatAUserHasFoundCountsWithoutASchedule() {
    VolumeId volume = island.volume(peer);
    island.settle();

    island
        .replication
        .comparing(new Copy(volume, peer))
        .accept(found("flk.9", Optional.of(DIFFERS)));

    assertEquals(CopyStatus.State.DRIFTED, island.status(volume, peer).state());
  }

  private Verified found(String snapshot, Optional<Map<String, Object>> drift) {
    return new Verified(new Guid(9), snapshot, island.now, drift);
  }

  @Test
  void ofTwoComparisonsTheOneCountsThatBeganLater() {
    VolumeId volume = island.volume(peer);
    island.settle();
    Copy copy = new Copy(volume, peer);
    Consumer<Verified> earlier = island.replication.comparing(copy);
    Consumer<Verified> later = island.replication.comparing(copy);

    later.accept(found("flk.2", Optional.empty()));
    earlier.accept(found("flk.1", Optional.of(DIFFERS)));

    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
    assertEquals("flk.2", verification(volume).last().orElseThrow().snapshot());
  }

  @Test
  void aScheduledComparisonThatTakesLongerThanAUsersDoesNotUndoIt() {
    VolumeId volume = volume(peer);
    island.drift = Optional.of(DIFFERS);
    island.faultOfComparison =
        (copy, _) -> island.replication.comparing(copy).accept(found("flk.9", Optional.empty()));

    island.settle();

    assertEquals(1, island.compared.size());
    assertEquals("flk.9", verification(volume).last().orElseThrow().snapshot());
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
  }

  @Test
  void pushesThatFailAreToldOfADriftedCopyTooWhoseDriftStaysKnown() {
    VolumeId volume = island.volume(peer);
    island.settle();
    island
        .replication
        .comparing(new Copy(volume, peer))
        .accept(found("flk.9", Optional.of(DIFFERS)));
    island.fault =
        (_, _) -> {
          throw TransferFailure.PEER_UNREACHABLE.because("away");
        };
    island.write(volume);
    island.pass(Duration.ofSeconds(2));
    island.settle();

    CopyStatus failed = island.status(volume, peer);
    assertEquals(CopyStatus.State.FAILED, failed.state());
    assertTrue(failed.hasDrifted());

    island.fault = (_, _) -> {};
    island.pass(Duration.ofMinutes(1));
    island.settle();
    assertEquals(CopyStatus.State.DRIFTED, island.status(volume, peer).state());
  }

  @Test
  void whatWasFoundInACopyThatIsNoMoreSaysNothingOfTheNextOne() {
    VolumeId volume = island.volume(peer);
    island.settle();
    Copy copy = new Copy(volume, peer);
    Consumer<Verified> underWay = island.replication.comparing(copy);
    island.replication.comparing(copy).accept(found("flk.9", Optional.of(DIFFERS)));

    island.there.remove(copy);
    island.write(volume);
    island.pass(Duration.ofSeconds(2));
    island.settle();
    underWay.accept(found("flk.8", Optional.of(DIFFERS)));

    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
    assertEquals(Optional.empty(), island.status(volume, peer).verification());
  }

  @Test
  void whoeverBeginsACopyAnewEndsItsDrift() {
    VolumeId volume = island.volume(peer);
    island.settle();
    Copy copy = new Copy(volume, peer);
    Consumer<Verified> underWay = island.replication.comparing(copy);
    island.replication.comparing(copy).accept(found("flk.9", Optional.of(DIFFERS)));

    island.replication.beginsAnew(copy); // As a push of a user's tells.
    underWay.accept(found("flk.8", Optional.of(DIFFERS)));

    assertEquals(CopyStatus.State.NEW, island.status(volume, peer).state());
    assertEquals(Optional.empty(), island.status(volume, peer).last());
    island.settle(); // Although nothing is written: what the user's push has done is proven.
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
    assertEquals(Optional.empty(), island.status(volume, peer).verification());
  }

  @Test
  void whatIsBegunAnewBeforeTheFirstLookHasNotDrifted() {
    VolumeId volume = island.volume(peer);
    island.settle();
    Copy copy = new Copy(volume, peer);
    island.replication.comparing(copy).accept(found("flk.9", Optional.of(DIFFERS)));
    island.restart();

    island.replication.beginsAnew(copy);
    island.settle();

    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
  }

  @Test
  void nothingIsComparedBeforeTheFirstStreamOfANewCopyHasArrived() {
    VolumeId volume = volume(peer);
    Copy copy = new Copy(volume, peer);
    island.settle();
    island.compared.clear();
    island.there.remove(copy);
    island.fault =
        (_, _) -> {
          var _ = island.replication.round();
          island.finish();
          assertEquals(List.of(), island.compared);
        };
    island.write(volume);
    island.pass(Duration.ofSeconds(2));

    island.settle();

    assertTrue(island.isThere(volume, peer), "not failed for it");
    assertEquals(List.of(copy), island.compared, "once it is there");
  }

  @Test
  void aComparisonThatFailsForTheLossOfItsCopyPutsOffNoneOfTheNextOne() {
    VolumeId volume = volume(peer);
    Copy copy = new Copy(volume, peer);
    island.faultOfComparison =
        (_, _) -> {
          island.faultOfComparison = (_, _) -> {};
          island.replication.beginsAnew(copy);
          throw TransferFailure.NOTHING_TO_VERIFY.because("the copy is gone");
        };

    island.settle();

    assertEquals(List.of(copy, copy), island.compared);
    assertEquals(Optional.empty(), verification(volume).lastError());
    assertEquals(island.now, verification(volume).last().orElseThrow().at());
  }

  @Test
  @DisplayName("a comparison that fails is tried ever later, and keeps no push from going on")
  void triesAgain() {
    VolumeId volume = volume(peer);
    island.faultOfComparison =
        (_, _) -> {
          throw TransferFailure.UNREADABLE_CONTENT.because("a file cannot be read");
        };
    for (int minute = 0; minute < 24 * 60; minute++) {
      island.settle();
      island.pass(Duration.ofMinutes(1));
    }

    assertTrue(island.compared.size() > 5, () -> "tried " + island.compared.size() + " times");
    assertTrue(island.compared.size() < 40, () -> "tried " + island.compared.size() + " times");
    assertEquals(
        TransferFailure.UNREADABLE_CONTENT.type(),
        verification(volume).lastError().orElseThrow().get("type"));
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
    island.faultOfComparison = (_, _) -> {};
    island.pass(Duration.ofHours(1));
    island.settle();
    assertEquals(Optional.empty(), verification(volume).lastError());
  }

  @Test
  @DisplayName("B14 a comparison that hangs is named while it does, and is ended")
  void endsWhatHangs() throws Exception {
    VolumeId volume = volume(peer);
    CountDownLatch hangs = new CountDownLatch(1);
    island.faultOfComparison = Island.hanging(Wait.VERIFYING, hangs);
    var _ = island.replication.round();
    island.finish();
    var _ = island.replication.round();
    Thread worker = Thread.ofVirtual().start(island::finish);
    hangs.await();
    assertEquals("verifying", island.status(volume, peer).waitsFor().step());
    assertEquals(Optional.of(island.now), verification(volume).begun());

    island.pass(PhaseWatch.Patience.of(Wait.VERIFYING).ended());
    var _ = island.replication.round();
    worker.join();

    assertEquals(
        TransferFailure.STALLED.type(), verification(volume).lastError().orElseThrow().get("type"));
  }

  @Test
  void aComparisonEndsWithThePolicyThatWantedTheCopy() throws Exception {
    VolumeId volume = volume(peer);
    CountDownLatch hangs = new CountDownLatch(1);
    island.faultOfComparison =
        (_, context) -> {
          Thread reader = Thread.currentThread();
          context.onCancel(reader::interrupt);
          hangs.countDown();
          new CountDownLatch(1).await();
        };
    var _ = island.replication.round();
    island.finish();
    var _ = island.replication.round();
    Thread worker = Thread.ofVirtual().start(island::finish);
    hangs.await();

    island.policies.remove(volume);
    var _ = island.replication.round();

    worker.join(); // It was ended.
    assertEquals(List.of(), island.replication.status());
  }
}
