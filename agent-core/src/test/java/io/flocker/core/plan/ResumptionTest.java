package io.flocker.core.plan;

import static io.flocker.core.plan.Listings.NEW_ZFS;
import static io.flocker.core.plan.Listings.OLD_ZFS;
import static io.flocker.core.plan.Listings.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResumptionTest {
  private static final SendFlags ALL = new SendFlags(true, true, true, false);

  @Test
  @DisplayName("R01 a cut first copy goes on where it was cut, then what is new follows")
  void aCutFirstCopyGoesOnThenWhatIsNewFollows() {
    ResumeState cut = cut(Optional.empty(), 1);
    assertEquals(
        new ReplicationPlan.Transfer(
            false,
            List.of(
                new Step.Resume(cut, snapshot(1)),
                new Step.Increment(snapshot(1), List.of(snapshot(2)), ALL))),
        plan(sender(snapshot(1), snapshot(2)), holding(cut)));
  }

  @Test
  @DisplayName("R02 a cut increment goes on where it was cut")
  void aCutIncrementGoesOnWhereItWasCut() {
    ResumeState cut = cut(Optional.of(new Guid(1)), 2);
    Step step = new Step.Resume(cut, snapshot(2));
    assertEquals(
        new ReplicationPlan.Transfer(false, List.of(step)),
        plan(sender(snapshot(1), snapshot(2)), holding(cut, snapshot(1))));
    assertEquals(new SendRequest.Resumption("tank/a", "1-token"), step.request("tank/a"));
  }

  @Test
  @DisplayName("R15 the rest of a batch follows the resumed stream")
  void theRestOfABatchFollowsTheResumedStream() {
    ResumeState cut = cut(Optional.of(new Guid(1)), 2);
    assertEquals(
        new ReplicationPlan.Transfer(
            false,
            List.of(
                new Step.Resume(cut, snapshot(2)),
                new Step.Increment(snapshot(2), List.of(snapshot(3), snapshot(4)), ALL))),
        plan(
            sender(snapshot(1), snapshot(2), snapshot(3), snapshot(4)), holding(cut, snapshot(1))));
  }

  @Test
  @DisplayName("R05 a stream whose snapshot is gone is dropped and planned anew")
  void aStreamWhoseSnapshotIsGoneIsDropped() {
    assertEquals(
        anew(new Step.Full(snapshot(2), ALL)),
        plan(sender(snapshot(2)), holding(cut(Optional.empty(), 1))));
  }

  @Test
  @DisplayName("R07 a token of the name that the dataset had before is dropped")
  void aStreamOfADatasetThatHasAnotherNameNowIsDropped() {
    SenderView renamed =
        new SenderView(
            "tank/b", List.of(snapshot(1), snapshot(2)), List.of(), NEW_ZFS, Optional.empty());
    assertEquals(
        anew(new Step.Increment(snapshot(1), List.of(snapshot(2)), ALL)),
        plan(renamed, holding(cut(Optional.of(new Guid(1)), 2), snapshot(1))));
  }

  @Test
  @DisplayName("R06 a stream whose base is no longer the receiver's newest is dropped")
  void aStreamWhoseBaseIsNotTheNewestIsDropped() {
    assertEquals(
        anew(new Step.Increment(snapshot(2), List.of(snapshot(3)), ALL)),
        plan(
            sender(snapshot(1), snapshot(2), snapshot(3)),
            holding(cut(Optional.of(new Guid(1)), 3), snapshot(1), snapshot(2))));
  }

  @Test
  @DisplayName("R08 a stream that would change the chain's raw or -L is dropped")
  void aStreamThatWouldChangeTheChainIsDropped() {
    SendFlags plain = new SendFlags(false, true, true, false);
    SenderView sender =
        new SenderView(
            "tank/a", List.of(snapshot(1), snapshot(2)), List.of(), NEW_ZFS, Optional.of(plain));
    assertEquals(
        anew(new Step.Increment(snapshot(1), List.of(snapshot(2)), plain)),
        plan(sender, holding(cut(Optional.of(new Guid(1)), 2), snapshot(1))));
  }

  @Test
  @DisplayName("R08 a stream that was begun plain does not go on in a raw chain")
  void aPlainStreamDoesNotGoOnInARawChain() {
    SendFlags raw = new SendFlags(true, true, true, true);
    SenderView sender =
        new SenderView(
            "tank/a", List.of(snapshot(1), snapshot(2)), List.of(), NEW_ZFS, Optional.of(raw));
    assertEquals(
        anew(new Step.Increment(snapshot(1), List.of(snapshot(2)), raw)),
        plan(sender, holding(cut(Optional.of(new Guid(1)), 2), snapshot(1))));
  }

  @Test
  @DisplayName("R08 a token does not tell of -L where no block was large: the stream goes on")
  void aStreamWithoutLargeBlocksGoesOnInAChainThatMayHaveThem() {
    ResumeState cut =
        new ResumeState(
            "1-token",
            "tank/a@s2",
            new Guid(2),
            Optional.of(new Guid(1)),
            4_096,
            false,
            true,
            true,
            false);
    SenderView sender =
        new SenderView(
            "tank/a",
            List.of(snapshot(1), snapshot(2), snapshot(3)),
            List.of(),
            NEW_ZFS,
            Optional.of(ALL));
    assertEquals(
        new ReplicationPlan.Transfer(
            false,
            List.of(
                new Step.Resume(cut, snapshot(2)),
                new Step.Increment(snapshot(2), List.of(snapshot(3)), ALL))),
        plan(sender, holding(cut, snapshot(1))));
  }

  @Test
  void aCutStreamOfTheSameChainGoesOn() {
    ResumeState cut = cut(Optional.of(new Guid(1)), 2);
    SenderView sender =
        new SenderView(
            "tank/a", List.of(snapshot(1), snapshot(2)), List.of(), NEW_ZFS, Optional.of(ALL));
    assertEquals(
        new ReplicationPlan.Transfer(false, List.of(new Step.Resume(cut, snapshot(2)))),
        plan(sender, holding(cut, snapshot(1))));
  }

  @Test
  void aCutIncrementIsNoFirstCopy() {
    assertEquals(
        anew(new Step.Full(snapshot(2), ALL)),
        plan(sender(snapshot(1), snapshot(2)), holding(cut(Optional.of(new Guid(1)), 2))));
  }

  @Test
  @DisplayName("R09 saved state is dropped where one end cannot resume")
  void savedStateIsDroppedWhereOneEndCannotResume() {
    assertEquals(
        anew(new Step.Full(snapshot(1), SendFlags.NONE)),
        plan(
            new SenderView("tank/a", List.of(snapshot(1)), List.of(), OLD_ZFS, Optional.empty()),
            holding(cut(Optional.empty(), 1))));
  }

  @Test
  @DisplayName("R05 a stream to a snapshot that is not wanted is dropped")
  void aStreamToASnapshotThatIsNotWantedIsDropped() {
    ReplicationPolicy policy =
        new ReplicationPolicy(
            InitialReplication.LATEST, true, snapshot -> !snapshot.name().equals("s1"));
    assertEquals(
        anew(new Step.Full(snapshot(2), ALL)),
        ReplicationPlanner.plan(
            sender(snapshot(1), snapshot(2)), holding(cut(Optional.empty(), 1)), policy));
  }

  @Test
  @DisplayName("R05 a cut copy of the newest is dropped where all are wanted")
  void aCutCopyOfTheNewestIsDroppedWhereAllAreWanted() {
    ReplicationPolicy all = new ReplicationPolicy(InitialReplication.ALL, true, _ -> true);
    assertEquals(
        anew(
            new Step.Full(snapshot(1), ALL),
            new Step.Increment(snapshot(1), List.of(snapshot(2)), ALL)),
        ReplicationPlanner.plan(
            sender(snapshot(1), snapshot(2)), holding(cut(Optional.empty(), 2)), all));
  }

  @Test
  void aFirstCopyIsNotResumedIntoACopyThatIsThere() {
    ResumeState cut = cut(Optional.empty(), 2);
    assertEquals(
        anew(new Step.Increment(snapshot(1), List.of(snapshot(2)), ALL)),
        plan(sender(snapshot(1), snapshot(2)), holding(cut, snapshot(1))));
  }

  @Test
  @DisplayName("R01 a cut copy of the oldest goes on where all are wanted")
  void aCutCopyOfTheOldestGoesOnWhereAllAreWanted() {
    ReplicationPolicy all = new ReplicationPolicy(InitialReplication.ALL, true, _ -> true);
    ResumeState cut = cut(Optional.empty(), 1);
    assertEquals(
        new ReplicationPlan.Transfer(
            false,
            List.of(
                new Step.Resume(cut, snapshot(1)),
                new Step.Increment(snapshot(1), List.of(snapshot(2)), ALL))),
        ReplicationPlanner.plan(sender(snapshot(1), snapshot(2)), holding(cut), all));
  }

  @Test
  @DisplayName("R08 a cut copy that was begun plain is dropped where raw ones are wanted")
  void aCutPlainCopyIsNoRawOne() {
    Capabilities encrypting =
        new Capabilities("2.3", Set.of("w"), Set.of("s"), Set.of("encryption"), true, true, true);
    SenderView sender =
        new SenderView("tank/a", List.of(snapshot(1)), List.of(), encrypting, Optional.empty());
    ReceiverView receiver =
        new ReceiverView(false, List.of(), Optional.of(cut(Optional.empty(), 1)), encrypting);

    assertEquals(
        anew(new Step.Full(snapshot(1), new SendFlags(false, false, false, true))),
        ReplicationPlanner.plan(
            sender,
            receiver,
            new ReplicationPolicy(InitialReplication.LATEST, true, _ -> true),
            new SendWish(Optional.of(true), true)));
  }

  @Test
  void savedStateDoesNotHideADivergence() {
    assertEquals(
        new ReplicationPlan.Conflict(
            ConflictKind.DIVERGED, List.of(snapshot(2)), List.of(snapshot(9))),
        plan(
            sender(snapshot(1), snapshot(2)),
            holding(cut(Optional.of(new Guid(1)), 2), snapshot(1), snapshot(9))));
  }

  private static ReplicationPlan plan(SenderView sender, ReceiverView receiver) {
    return ReplicationPlanner.plan(
        sender, receiver, new ReplicationPolicy(InitialReplication.LATEST, true, _ -> true));
  }

  private static ReplicationPlan anew(Step... steps) {
    return new ReplicationPlan.Transfer(true, List.of(steps));
  }

  private static ResumeState cut(Optional<Guid> from, int to) {
    return new ResumeState(
        "1-token", "tank/a@s" + to, new Guid(to), from, 4_096, true, true, true, false);
  }

  private static SenderView sender(Snapshot... snapshots) {
    return new SenderView("tank/a", List.of(snapshots), List.of(), NEW_ZFS, Optional.empty());
  }

  private static ReceiverView holding(ResumeState cut, Snapshot... snapshots) {
    return new ReceiverView(false, List.of(snapshots), Optional.of(cut), NEW_ZFS);
  }
}
