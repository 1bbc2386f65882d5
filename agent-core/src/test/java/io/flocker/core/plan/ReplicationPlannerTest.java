package io.flocker.core.plan;

import static io.flocker.core.plan.Listings.OLD_ZFS;
import static io.flocker.core.plan.Listings.bookmark;
import static io.flocker.core.plan.Listings.noReceiver;
import static io.flocker.core.plan.Listings.receiver;
import static io.flocker.core.plan.Listings.sender;
import static io.flocker.core.plan.Listings.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.retention.Retention;
import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Point;
import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReplicationPlannerTest {
  private static final ReplicationPolicy ONE_BY_ONE =
      new ReplicationPolicy(InitialReplication.LATEST, false, _ -> true);

  @Test
  @DisplayName("P01 equal guids need nothing")
  void equalGuidsNeedNothing() {
    assertEquals(
        new ReplicationPlan.UpToDate(snapshot(2)),
        plan(sender(snapshot(1), snapshot(2)), receiver(snapshot(1), snapshot(2))));
  }

  @Test
  @DisplayName("P01 a receiver that pruned old snapshots is up to date")
  void aReceiverThatPrunedOldSnapshotsIsUpToDate() {
    assertEquals(
        new ReplicationPlan.UpToDate(snapshot(3)),
        plan(sender(snapshot(1), snapshot(2), snapshot(3)), receiver(snapshot(3))));
  }

  @Test
  @DisplayName("P02 neighbours travel in one stream")
  void neighboursTravelInOneStream() {
    Step step = only(plan(sender(snapshot(1), snapshot(2), snapshot(3)), receiver(snapshot(1))));
    assertEquals(increment(snapshot(1), snapshot(2), snapshot(3)), step);
    assertEquals(
        new SendRequest.Increment("tank/a", "@s1", "s3", true, SendFlags.NONE),
        step.request("tank/a"));
  }

  @Test
  @DisplayName("P02 neighbours travel one by one where the policy says so")
  void neighboursTravelOneByOneWhereThePolicySaysSo() {
    assertEquals(
        List.of(increment(snapshot(1), snapshot(2)), increment(snapshot(2), snapshot(3))),
        steps(
            ReplicationPlanner.plan(
                sender(snapshot(1), snapshot(2), snapshot(3)), receiver(snapshot(1)), ONE_BY_ONE)));
  }

  @Test
  @DisplayName("P03 increment from a bookmark when the snapshot is gone")
  void incrementFromABookmarkWhenTheSnapshotIsGone() {
    SenderView sender = remembering(bookmark("a", 1), snapshot(2));
    Step step = only(plan(sender, receiver(snapshot(1))));
    assertEquals(
        new SendRequest.Increment("tank/a", "#a", "s2", false, SendFlags.NONE),
        step.request("tank/a"));
  }

  @Test
  @DisplayName("P03 never -I from a bookmark")
  void neverManyFromABookmark() {
    SenderView sender = remembering(bookmark("a", 1), snapshot(2), snapshot(3), snapshot(4));
    assertEquals(
        List.of(
            increment(bookmark("a", 1), snapshot(2)),
            increment(snapshot(2), snapshot(3), snapshot(4))),
        steps(plan(sender, receiver(snapshot(1)))));
  }

  @Test
  @DisplayName("P03 a snapshot is the better base than its bookmark")
  void aSnapshotIsTheBetterBaseThanItsBookmark() {
    SenderView sender = remembering(bookmark("a", 1), snapshot(1), snapshot(2), snapshot(3));
    assertEquals(
        List.of(increment(snapshot(1), snapshot(2), snapshot(3))),
        steps(plan(sender, receiver(snapshot(1)))));
  }

  @Test
  @DisplayName("P04 the same name with another guid is a conflict")
  void theSameNameWithAnotherGuidIsAConflict() {
    Snapshot ours = snapshot("a", 1, 1);
    Snapshot theirs = snapshot("a", 2, 1);
    assertEquals(
        new ReplicationPlan.Conflict(
            ConflictKind.NO_COMMON_SNAPSHOT, List.of(ours), List.of(theirs)),
        plan(sender(ours), receiver(theirs)));
  }

  @Test
  @DisplayName("P05 the same guid under another name is common")
  void theSameGuidUnderAnotherNameIsCommon() {
    assertEquals(
        increment(snapshot(1), snapshot(2)),
        only(plan(sender(snapshot(1), snapshot(2)), receiver(snapshot("renamed", 1, 900)))));
  }

  @Test
  @DisplayName("P06 newer snapshots on both sides diverge, and both branches are named")
  void newerSnapshotsOnBothSidesDiverge() {
    Snapshot theirs = snapshot("manual", 77, 9);
    ReplicationPlan.Conflict conflict =
        assertInstanceOf(
            ReplicationPlan.Conflict.class,
            plan(sender(snapshot(1), snapshot(2)), receiver(snapshot(1), theirs)));
    assertEquals(
        new ReplicationPlan.Conflict(ConflictKind.DIVERGED, List.of(snapshot(2)), List.of(theirs)),
        conflict);
    FailureException failure = conflict.failure();
    assertEquals(TransferFailure.DIVERGED, failure.failure());
    assertEquals(
        List.of(new SnapshotReference("manual", new Guid(77))),
        failure.members().get("receiverBranch"));
    assertEquals(
        List.of(new SnapshotReference("s2", new Guid(2))), failure.members().get("senderBranch"));
    assertEquals(
        "the sender has 1 snapshots that the receiver lacks (s2), the receiver has 1 that the"
            + " sender lacks (manual)",
        failure.detail());
  }

  @Test
  @DisplayName("P07 two sides without a common snapshot conflict")
  void twoSidesWithoutACommonSnapshotConflict() {
    assertEquals(
        new ReplicationPlan.Conflict(
            ConflictKind.NO_COMMON_SNAPSHOT, List.of(snapshot(1)), List.of(snapshot(2))),
        plan(sender(snapshot(1)), receiver(snapshot(2))));
  }

  @Test
  @DisplayName("P07 a dataset without snapshots is in the way of a first copy")
  void aDatasetWithoutSnapshotsIsInTheWayOfAFirstCopy() {
    assertEquals(
        new ReplicationPlan.Conflict(
            ConflictKind.NO_COMMON_SNAPSHOT, List.of(snapshot(1)), List.of()),
        plan(sender(snapshot(1)), receiver()));
  }

  @Test
  @DisplayName("P08 a sender without snapshots has nothing to send")
  void aSenderWithoutSnapshotsHasNothingToSend() {
    assertEquals(
        new ReplicationPlan.Conflict(ConflictKind.NO_SNAPSHOT_TO_SEND, List.of(), List.of()),
        plan(sender(), noReceiver()));
  }

  @Test
  @DisplayName("P09 equal creation times are ordered by createtxg")
  void equalCreationTimesAreOrderedByCreatetxg() {
    assertEquals(
        increment(snapshot(1), snapshot(2), snapshot(3)),
        only(plan(sender(snapshot(3), snapshot(1), snapshot(2)), receiver(snapshot(1)))));
  }

  @Test
  @DisplayName("P10 createtxg wins over a clock that was set back")
  void createtxgWinsOverAClockThatWasSetBack() {
    Snapshot before = new Snapshot("a", new Guid(1), 1, Instant.ofEpochSecond(1_000));
    Snapshot after = new Snapshot("b", new Guid(2), 2, Instant.ofEpochSecond(500));
    assertEquals(increment(before, after), only(plan(sender(after, before), receiver(before))));
    assertEquals(
        new ReplicationPlan.UpToDate(after), plan(sender(before, after), receiver(before, after)));
  }

  @Test
  @DisplayName("P11 a common snapshot that is not wanted still anchors the increment")
  void aCommonSnapshotThatIsNotWantedStillAnchorsTheIncrement() {
    assertEquals(
        increment(snapshot(1), snapshot(2)),
        only(
            ReplicationPlanner.plan(
                sender(snapshot(1), snapshot(2)),
                receiver(snapshot(1)),
                wanting(snapshot -> !snapshot.name().equals("s1")))));
  }

  @Test
  @DisplayName("P11 what is not wanted is not brought along")
  void whatIsNotWantedIsNotBroughtAlong() {
    SenderView sender =
        sender(IntStream.rangeClosed(1, 7).mapToObj(Listings::snapshot).toArray(Snapshot[]::new));
    assertEquals(
        List.of(
            increment(snapshot(1), snapshot(2), snapshot(3)),
            increment(snapshot(3), snapshot(5)),
            increment(snapshot(5), snapshot(6))),
        steps(
            ReplicationPlanner.plan(
                sender,
                receiver(snapshot(1)),
                wanting(snapshot -> !Set.of("s4", "s7").contains(snapshot.name())))));
  }

  @Test
  @DisplayName("P12 a first copy is of the most recent snapshot")
  void aFirstCopyIsOfTheMostRecentSnapshot() {
    assertEquals(
        new Step.Full(snapshot(2), SendFlags.NONE),
        only(plan(sender(snapshot(1), snapshot(2)), noReceiver())));
  }

  @Test
  void aFirstCopyIsSentWhole() {
    Step step = only(plan(sender(snapshot(1)), noReceiver()));
    assertEquals(new SendRequest.Full("tank/a", "s1", SendFlags.NONE), step.request("tank/a"));
  }

  @Test
  void aFirstCopyOfWhichNothingIsWantedHasNothingToSend() {
    assertEquals(
        new ReplicationPlan.Conflict(
            ConflictKind.NO_SNAPSHOT_TO_SEND, List.of(snapshot(1)), List.of()),
        ReplicationPlanner.plan(sender(snapshot(1)), noReceiver(), wanting(_ -> false)));
  }

  @Test
  @DisplayName("P12 a first copy is of all snapshots where the policy says so")
  void aFirstCopyIsOfAllSnapshotsWhereThePolicySaysSo() {
    assertEquals(
        List.of(
            new Step.Full(snapshot(1), SendFlags.NONE),
            increment(snapshot(1), snapshot(2), snapshot(3))),
        steps(
            ReplicationPlanner.plan(
                sender(snapshot(1), snapshot(2), snapshot(3)),
                noReceiver(),
                initially(InitialReplication.ALL))));
  }

  @Test
  void aFirstCopyBringsWhatUsersTookAndTheNewest() {
    List<Snapshot> ours =
        List.of(
            snapshot("flk.20260101T000000Z.push.00000001", 1, 1),
            snapshot("before-upgrade", 2, 2),
            snapshot("flk.20260102T000000Z.push.00000002", 3, 3),
            snapshot("flk.20260103T000000Z.manual.00000003", 4, 4),
            snapshot("flk.20260104T000000Z.push.00000004", 5, 5));
    ReplicationPolicy all =
        ReplicationPolicy.firstCopy(
            InitialReplication.ALL, true, ours, snapshot -> !Retention.isPrunable(snapshot));
    ReplicationPolicy latest =
        ReplicationPolicy.firstCopy(
            InitialReplication.LATEST, true, ours, snapshot -> !Retention.isPrunable(snapshot));
    SenderView sender = sender(ours.toArray(Snapshot[]::new));

    assertEquals(
        List.of(
            new Step.Full(ours.get(1), SendFlags.NONE),
            increment(ours.get(1), ours.get(3)),
            increment(ours.get(3), ours.get(4))),
        steps(ReplicationPlanner.plan(sender, noReceiver(), all)));
    assertEquals(
        List.of(new Step.Full(ours.get(4), SendFlags.NONE)),
        steps(ReplicationPlanner.plan(sender, noReceiver(), latest)));
  }

  @Test
  void anUpdateBringsAllThatIsLackingOneByOneWhereRangesLeaveHolds() {
    assertEquals(
        List.of(
            increment(snapshot(1), snapshot(2)),
            increment(snapshot(2), snapshot(3)),
            increment(snapshot(3), snapshot(4))),
        steps(
            ReplicationPlanner.plan(
                sender(snapshot(1), snapshot(2), snapshot(3), snapshot(4)),
                receiver(snapshot(1)),
                ReplicationPolicy.update(false))));
  }

  @Test
  @DisplayName("P12 a first copy is refused where the policy says so")
  void aFirstCopyIsRefusedWhereThePolicySaysSo() {
    assertEquals(
        new ReplicationPlan.Conflict(
            ConflictKind.INITIAL_FORBIDDEN, List.of(snapshot(1)), List.of()),
        ReplicationPlanner.plan(
            sender(snapshot(1)), noReceiver(), initially(InitialReplication.FAIL)));
  }

  @Test
  @DisplayName("P15 a hundred thousand snapshots are looked at once each")
  void aHundredThousandSnapshotsAreLookedAtOnceEach() {
    int count = 100_000;
    Snapshot[] snapshots =
        IntStream.rangeClosed(1, count).mapToObj(Listings::snapshot).toArray(Snapshot[]::new);
    AtomicInteger looks = new AtomicInteger();
    List<Step> steps =
        steps(
            ReplicationPlanner.plan(
                sender(snapshots),
                receiver(snapshot(1)),
                wanting(_ -> looks.incrementAndGet() > 0)));
    assertEquals(count - 1, looks.get());
    assertEquals(count - 1, steps.stream().mapToInt(step -> step.brings().size()).sum());
    assertFalse(
        steps.stream().anyMatch(step -> step.brings().size() > Increments.MAX_BATCH),
        "an announcement stays small");
  }

  @Test
  @DisplayName("P17 a bookmark named 0 is a bookmark")
  void aBookmarkNamedZeroIsABookmark() {
    Step step = only(plan(remembering(bookmark("0", 1), snapshot(2)), receiver(snapshot(1))));
    assertEquals(
        new SendRequest.Increment("tank/a", "#0", "s2", false, SendFlags.NONE),
        step.request("tank/a"));
  }

  @Test
  @DisplayName("44 the newest of several common snapshots is the base, in the middle or at the end")
  void theNewestOfSeveralCommonSnapshotsIsTheBase() {
    SenderView sender = sender(snapshot(1), snapshot(2), snapshot(3));
    assertEquals(
        increment(snapshot(2), snapshot(3)),
        only(plan(sender, receiver(snapshot(1), snapshot(2)))));
    assertEquals(
        new ReplicationPlan.UpToDate(snapshot(3)),
        plan(sender, receiver(snapshot(1), snapshot(2), snapshot(3))));
  }

  private static ReplicationPlan plan(SenderView sender, ReceiverView receiver) {
    return ReplicationPlanner.plan(sender, receiver, wanting(_ -> true));
  }

  private static SenderView remembering(Bookmark bookmark, Snapshot... snapshots) {
    return new SenderView(
        "tank/a", List.of(snapshots), List.of(bookmark), OLD_ZFS, Optional.empty());
  }

  private static ReplicationPolicy wanting(Predicate<Snapshot> wanted) {
    return new ReplicationPolicy(InitialReplication.LATEST, true, wanted);
  }

  private static ReplicationPolicy initially(InitialReplication initial) {
    return new ReplicationPolicy(initial, true, _ -> true);
  }

  private static Step increment(Point base, Snapshot... brings) {
    return new Step.Increment(base, List.of(brings), SendFlags.NONE);
  }

  private static List<Step> steps(ReplicationPlan plan) {
    return assertInstanceOf(ReplicationPlan.Transfer.class, plan).steps();
  }

  private static Step only(ReplicationPlan plan) {
    List<Step> steps = steps(plan);
    assertEquals(1, steps.size(), steps::toString);
    return steps.getFirst();
  }
}
