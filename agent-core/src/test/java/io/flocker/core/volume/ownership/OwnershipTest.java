package io.flocker.core.volume.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.OwnershipEffect.Announce;
import io.flocker.core.volume.ownership.OwnershipEffect.Fence;
import io.flocker.core.volume.ownership.OwnershipEffect.Forget;
import io.flocker.core.volume.ownership.OwnershipEffect.Protect;
import io.flocker.core.volume.ownership.OwnershipEffect.Refuse;
import io.flocker.core.volume.ownership.OwnershipEffect.Write;
import io.flocker.core.volume.ownership.OwnershipEvent.Evidence;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OwnershipTest {
  private static final NodeId SELF = NodeId.random();
  private static final NodeId OTHER = NodeId.random();
  private static final NodeId THIRD = NodeId.random();
  private static final VolumeId LINEAGE = VolumeId.random();
  private static final Guid DATASET = new Guid(7);
  private static final Guid NONE = new Guid(0);
  private static final Guid FINAL = new Guid(9);
  private static final long LAST = OwnershipRecord.MAX_EPOCH;
  private static final UUID BEFORE = UUID.randomUUID();
  private static final UUID NOW = UUID.randomUUID();
  private static final Optional<String> PROVEN = Optional.empty();
  private static final Optional<OwnershipRecord> NO_RECORD = Optional.empty();

  private final Ownership ownership = new Ownership(SELF);

  @Test
  void aNewVolumeAndAnAdoptedOneBeginAtEpochZero() {
    assertEquals(
        begun(NONE), decide(NO_RECORD, new OwnershipEvent.Created(LINEAGE, NOW, DATASET, false)));
    assertEquals(
        begun(Grant.FRESH_ID),
        decide(NO_RECORD, new OwnershipEvent.Created(LINEAGE, NOW, DATASET, true)));
    assertEquals(
        begun(Grant.FRESH_ID),
        decide(NO_RECORD, new OwnershipEvent.Adopted(LINEAGE, NOW, DATASET)));
  }

  private static OwnershipDecision begun(Guid mark) {
    OwnershipRecord first =
        new OwnershipRecord(LINEAGE, 0, SELF, OwnershipState.OWNED, NOW, mark, DATASET);
    return new OwnershipDecision(Optional.of(first), List.of(new Write(first)));
  }

  @Test
  void whatBearsARecordIsNeitherNewNorAdopted() {
    Optional<OwnershipRecord> copy = record(3, OTHER, OwnershipState.OWNED);
    assertRefused(
        OwnershipFailure.VOLUME_EXISTS,
        copy,
        new OwnershipEvent.Created(LINEAGE, NOW, DATASET, true));
    assertRefused(
        OwnershipFailure.VOLUME_EXISTS, copy, new OwnershipEvent.Adopted(LINEAGE, NOW, DATASET));
  }

  @Test
  void aFirstCopyIsProtectedBeforeItIsRecorded() {
    OwnershipRecord copy = copyOf(OTHER, 4);
    assertEquals(
        new OwnershipDecision(
            Optional.of(copy), List.of(new Protect(), new Write(copy), new Announce(copy, true))),
        decide(NO_RECORD, received(OTHER, 4)));
  }

  @Test
  void aCopyFollowsItsOwner() {
    OwnershipRecord copy = copyOf(THIRD, 4);
    OwnershipDecision followed =
        new OwnershipDecision(
            Optional.of(copy), List.of(new Protect(), new Write(copy), new Announce(copy, false)));
    assertEquals(followed, decide(record(3, OTHER, OwnershipState.OWNED), received(THIRD, 4)));
    assertEquals(followed, decide(record(4, THIRD, OwnershipState.RELEASED), received(THIRD, 4)));
  }

  @Test
  void whatTheRecordSaysAlreadyIsNotWrittenAgain() {
    assertUnchanged(record(4, OTHER, OwnershipState.OWNED), received(OTHER, 4));
  }

  /** A claim, what is known of the volume, and why it is refused; null for one that is believed. */
  record ClaimCase(
      String name,
      Optional<OwnershipRecord> record,
      long highest,
      NodeId claimant,
      long epoch,
      @Nullable Failure refusal) {}

  static Stream<Named<ClaimCase>> claims() {
    Failure stale = OwnershipFailure.STALE_EPOCH;
    Failure contested = OwnershipFailure.CONTESTED;
    Failure beyond = OwnershipFailure.EPOCH_BEYOND_REACH;
    Failure superseded = OwnershipFailure.SUPERSEDED;
    Failure ownedHere = OwnershipFailure.OWNED_HERE;
    Optional<OwnershipRecord> others = record(4, OTHER, OwnershipState.OWNED);
    Optional<OwnershipRecord> ours = record(4, SELF, OwnershipState.OWNED);
    Optional<OwnershipRecord> given = record(4, OTHER, OwnershipState.RELEASED);
    Optional<OwnershipRecord> disputed = record(4, OTHER, OwnershipState.CONTESTED);
    Optional<OwnershipRecord> gone = record(4, OTHER, OwnershipState.SUPERSEDED);
    Optional<OwnershipRecord> broken = record(Long.MAX_VALUE, THIRD, OwnershipState.OWNED);
    Optional<OwnershipRecord> ownBroken = record(Long.MAX_VALUE, SELF, OwnershipState.OWNED);
    return Stream.of(
            new ClaimCase("the first word counts", NO_RECORD, 0, OTHER, 0, null),
            new ClaimCase("the first word, as far as it goes", NO_RECORD, 0, OTHER, 1_000, null),
            new ClaimCase("no volume gets there", NO_RECORD, 0, OTHER, LAST + 1, beyond),
            new ClaimCase("a later owner was seen", NO_RECORD, 3, OTHER, 2, stale),
            new ClaimCase("the owner again", others, 4, OTHER, 4, null),
            new ClaimCase("a later owner", others, 4, THIRD, 5, null),
            new ClaimCase("an earlier owner", others, 4, THIRD, 3, stale),
            new ClaimCase("one whom a later one followed", others, 5, OTHER, 4, stale),
            new ClaimCase("as far ahead as may be", others, 4, THIRD, 1_004, null),
            new ClaimCase("farther ahead", others, 4, THIRD, 1_005, beyond),
            new ClaimCase("the end of all epochs", others, 4, THIRD, Long.MAX_VALUE, beyond),
            new ClaimCase("another of the same epoch", others, 4, THIRD, 4, contested),
            new ClaimCase("what is ours, at our epoch", ours, 4, OTHER, 4, contested),
            new ClaimCase("what is ours, by a later one", ours, 4, OTHER, 5, ownedHere),
            new ClaimCase("what is ours, by an earlier one", ours, 4, OTHER, 3, stale),
            new ClaimCase("to whom it was released", given, 4, OTHER, 4, null),
            new ClaimCase("what is contested", disputed, 4, OTHER, 5, contested),
            new ClaimCase("a superseded copy, by its owner", gone, 4, OTHER, 4, superseded),
            new ClaimCase("a superseded copy, by a later one", gone, 4, THIRD, 5, superseded),
            new ClaimCase("a superseded copy, by an earlier one", gone, 4, THIRD, 3, stale),
            new ClaimCase("a record beyond all epochs", broken, 0, OTHER, 1, null),
            new ClaimCase("our own one beyond all epochs", ownBroken, 0, OTHER, 1, ownedHere))
        .map(one -> Named.of(one.name(), one));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void aClaimIsBelievedOrRefusedAndChangesNothing(ClaimCase one) {
    OwnershipEvent claim =
        new OwnershipEvent.Claimed(
            LINEAGE, one.claimant(), one.epoch(), one.highest(), false, PROVEN);

    if (one.refusal() == null) {
      assertUnchanged(one.record(), claim);
    } else {
      assertRefused(one.refusal(), one.record(), claim);
    }
  }

  @Test
  void whoHasNotShownHowTheVolumeCameToHimIsRefusedByEitherEvent() {
    Optional<String> doubt = Optional.of("epoch 5: no grant is shown");
    Optional<OwnershipRecord> others = record(4, OTHER, OwnershipState.OWNED);
    OwnershipEvent claim = new OwnershipEvent.Claimed(LINEAGE, THIRD, 5, 4, false, doubt);
    assertRefused(OwnershipFailure.NOT_GRANTED, others, claim);
    assertRefused(
        OwnershipFailure.NOT_GRANTED,
        others,
        new OwnershipEvent.Received(LINEAGE, THIRD, 5, 0, NOW, DATASET, doubt));
    assertEquals(
        "node "
            + SELF
            + " has it on record that node "
            + OTHER
            + " owns volume "
            + LINEAGE
            + ", at epoch 4; node "
            + THIRD
            + " says that it does, at epoch 5, and has not shown that it was given to it (epoch 5:"
            + " no grant is shown). Nothing was changed",
        why(decide(others, claim)).detail());
  }

  @Test
  void whatIsOursAndWasGivenAwayByUsIsToldSo() {
    FailureException why =
        why(
            decide(
                record(4, SELF, OwnershipState.OWNED),
                new OwnershipEvent.Claimed(LINEAGE, OTHER, 5, 4, false, PROVEN)));
    assertTrue(why.detail().contains("and shows that it was given to it"), why::detail);
  }

  /** Whatever was believed before the stream came. */
  @ParameterizedTest
  @MethodSource("claims")
  void aStreamMakesNoOwnerOfWhomTheRecordIsAgainst(ClaimCase one) {
    boolean isSeenElsewhere = one.record().map(OwnershipRecord::epoch).orElse(0L) < one.highest();
    if (one.refusal() != null && !isSeenElsewhere) {
      assertRefused(one.refusal(), one.record(), received(one.claimant(), one.epoch()));
    }
  }

  @Test
  void whatIsContestedWithoutARecordStaysSo() {
    assertRefused(
        OwnershipFailure.CONTESTED,
        NO_RECORD,
        new OwnershipEvent.Claimed(LINEAGE, OTHER, 1, 0, true, PROVEN));
  }

  @Test
  void aRefusedClaimIsToldWhatEachNodeBelieves() {
    OwnershipDecision decision =
        decide(
            record(4, SELF, OwnershipState.OWNED),
            new OwnershipEvent.Claimed(LINEAGE, OTHER, 4, 4, false, PROVEN));
    assertEquals(
        "node "
            + SELF
            + " has it on record that node "
            + SELF
            + " owns volume "
            + LINEAGE
            + ", at epoch 4; node "
            + OTHER
            + " says that it does, at epoch 4, and brings no proof. Nothing was changed",
        why(decision).detail());
    assertEquals(SELF, why(decision).members().get("owner"));
  }

  @Test
  void theLastEpochIsReleasedToNobody() {
    assertRefused(
        OwnershipFailure.EPOCH_BEYOND_REACH,
        record(LAST, SELF, OwnershipState.OWNED),
        new OwnershipEvent.Released(OTHER, NOW, FINAL));
  }

  @Test
  void aReleaseIsOfTheNextEpoch() {
    OwnershipRecord released =
        new OwnershipRecord(LINEAGE, 5, OTHER, OwnershipState.RELEASED, NOW, FINAL, DATASET);
    assertEquals(
        changed(released),
        decide(
            record(4, SELF, OwnershipState.OWNED), new OwnershipEvent.Released(OTHER, NOW, FINAL)));
  }

  @Test
  void onlyTheOwnerReleases() {
    OwnershipEvent release = new OwnershipEvent.Released(OTHER, NOW, FINAL);
    assertRefused(OwnershipFailure.NOT_OWNER, NO_RECORD, release);
    assertRefused(OwnershipFailure.NOT_OWNER, record(4, OTHER, OwnershipState.OWNED), release);
    assertRefused(OwnershipFailure.NOT_OWNER, record(4, OTHER, OwnershipState.RELEASED), release);
    assertRefused(OwnershipFailure.NOT_OWNER, record(4, SELF, OwnershipState.CONTESTED), release);
  }

  @Test
  void theGrantThatFollowsMakesTheOwner() {
    OwnershipRecord owned =
        new OwnershipRecord(LINEAGE, 5, SELF, OwnershipState.OWNED, NOW, FINAL, DATASET);
    assertEquals(
        changed(owned), decide(record(4, OTHER, OwnershipState.OWNED), acquired(OTHER, 5, FINAL)));
    assertUnchanged(Optional.of(owned), acquired(OTHER, 5, FINAL));
  }

  @Test
  void aGrantThatDoesNotFollowIsRefused() {
    Optional<OwnershipRecord> copy = record(4, OTHER, OwnershipState.OWNED);
    assertRefused(OwnershipFailure.STALE_EPOCH, copy, acquired(OTHER, 4, FINAL));
    assertRefused(OwnershipFailure.NOT_RELEASED, copy, acquired(OTHER, 6, FINAL));
    assertRefused(OwnershipFailure.NOT_RELEASED, copy, acquired(THIRD, 5, FINAL));
    assertRefused(OwnershipFailure.NOT_RELEASED, copy, acquired(OTHER, 5, new Guid(8)));
    assertRefused(OwnershipFailure.NOT_RELEASED, NO_RECORD, acquired(OTHER, 1, FINAL));
    assertRefused(
        OwnershipFailure.EPOCH_BEYOND_REACH,
        record(LAST, OTHER, OwnershipState.OWNED),
        acquired(OTHER, LAST + 1, FINAL));
    for (OwnershipState state : List.of(OwnershipState.RELEASED, OwnershipState.CONTESTED)) {
      assertRefused(
          OwnershipFailure.NOT_RELEASED, record(4, OTHER, state), acquired(OTHER, 5, FINAL));
    }
    assertRefused(
        OwnershipFailure.NOT_RELEASED,
        copy,
        new OwnershipEvent.Acquired(OTHER, 5, NOW, FINAL, Optional.of(FINAL), true));
  }

  @Test
  void anotherOperationsGrantIsNoRepeat() {
    assertRefused(
        OwnershipFailure.STALE_EPOCH,
        record(5, SELF, OwnershipState.OWNED),
        acquired(OTHER, 5, FINAL));
  }

  @Test
  void whatWasDeliveredIsACopyHere() {
    OwnershipRecord released = record(5, OTHER, OwnershipState.RELEASED).orElseThrow();
    Optional<OwnershipRecord> copy = record(5, OTHER, OwnershipState.OWNED);
    OwnershipEvent delivered = new OwnershipEvent.Delivered();
    assertEquals(changed(copy.orElseThrow()), decide(Optional.of(released), delivered));
    assertUnchanged(copy, delivered);
    assertRefused(OwnershipFailure.NOT_RELEASED, record(5, SELF, OwnershipState.OWNED), delivered);
    assertRefused(OwnershipFailure.NOT_RELEASED, NO_RECORD, delivered);
  }

  /** What is on record, what is shown, and the record's state from then on. */
  record ShownCase(
      String name,
      Optional<OwnershipRecord> record,
      OwnershipEvent.Shown shown,
      @Nullable OwnershipState after) {}

  static Stream<Named<ShownCase>> showings() {
    OwnershipState superseded = OwnershipState.SUPERSEDED;
    OwnershipState contested = OwnershipState.CONTESTED;
    Evidence granted = Evidence.GRANTED;
    Evidence takenOver = Evidence.TAKEN_OVER;
    Evidence branched = Evidence.BRANCHED;
    Evidence again = Evidence.CREATED_AGAIN;
    Optional<OwnershipRecord> ours = record(4, SELF, OwnershipState.OWNED);
    Optional<OwnershipRecord> others = record(4, OTHER, OwnershipState.OWNED);
    Optional<OwnershipRecord> given = record(4, OTHER, OwnershipState.RELEASED);
    Optional<OwnershipRecord> disputed = record(4, SELF, contested);
    Optional<OwnershipRecord> gone = record(4, OTHER, superseded);
    Optional<OwnershipRecord> broken = record(Long.MAX_VALUE, SELF, OwnershipState.OWNED);
    return Stream.of(
            new ShownCase("nothing is here", NO_RECORD, shown(OTHER, 5, granted), null),
            new ShownCase("who was given it later", ours, shown(OTHER, 5, granted), superseded),
            new ShownCase("who took it over later", ours, shown(OTHER, 9, takenOver), superseded),
            new ShownCase("ourselves, later", ours, shown(SELF, 6, granted), superseded),
            new ShownCase("a later one, unproven", ours, shown(OTHER, 5, Evidence.NONE), null),
            new ShownCase("what no volume gets to", ours, shown(OTHER, LAST + 1, granted), null),
            new ShownCase("an earlier owner", ours, shown(OTHER, 3, branched), null),
            new ShownCase("an earlier operator", ours, shown(OTHER, 3, takenOver), null),
            new ShownCase("one of our epoch", ours, shown(OTHER, 4, branched), contested),
            new ShownCase(
                "an operator's of our epoch", ours, shown(OTHER, 4, takenOver), contested),
            new ShownCase("ourselves, twice", ours, shown(SELF, 4, branched), contested),
            new ShownCase("one of our epoch, unproven", ours, shown(OTHER, 4, Evidence.NONE), null),
            new ShownCase("one operation, two owners", ours, same(OTHER, branched), contested),
            new ShownCase("what we know", ours, same(SELF, granted), null),
            new ShownCase(
                "one of a branch that went on", ours, shown(OTHER, 6, branched), contested),
            new ShownCase("another creation", ours, shown(OTHER, 4, again), contested),
            new ShownCase("another creation later on", ours, shown(OTHER, 7, again), contested),
            new ShownCase("another creation, behind", ours, shown(OTHER, 0, again), null),
            new ShownCase("a creation by who confirmed ours", ours, confirmed(4, again), null),
            new ShownCase("the same later on", ours, confirmed(7, again), null),
            new ShownCase(
                "a branch by who confirmed ours", ours, confirmed(4, branched), contested),
            new ShownCase("a grant to who confirmed ours", ours, confirmed(5, granted), superseded),
            new ShownCase("a copy's later owner", others, shown(THIRD, 5, granted), null),
            new ShownCase("a copy's rival", others, shown(THIRD, 4, branched), null),
            new ShownCase(
                "who took what we released", given, same(OTHER, granted), OwnershipState.OWNED),
            new ShownCase(
                "whom that one gave it", given, shown(THIRD, 5, granted), OwnershipState.OWNED),
            new ShownCase("who took that over", given, shown(THIRD, 5, takenOver), superseded),
            new ShownCase("another release", given, shown(THIRD, 4, branched), contested),
            new ShownCase("another release's heir", given, shown(THIRD, 6, branched), contested),
            new ShownCase("the end of a contest", disputed, shown(OTHER, 5, takenOver), superseded),
            new ShownCase("the contest again", disputed, shown(OTHER, 4, branched), null),
            new ShownCase("a branch of it", disputed, shown(OTHER, 6, branched), null),
            new ShownCase("later than superseded", gone, shown(THIRD, 5, granted), superseded),
            new ShownCase("superseded again", gone, same(OTHER, granted), null),
            new ShownCase("a rival of who superseded", gone, shown(THIRD, 4, branched), null),
            new ShownCase(
                "who owned it after nonsense", broken, shown(OTHER, 5, granted), superseded))
        .map(one -> Named.of(one.name(), one));
  }

  @ParameterizedTest
  @MethodSource("showings")
  void whatIsShownCountsAsFarAsItIsProvenAndComesLater(ShownCase one) {
    if (one.after() == null) {
      assertUnchanged(one.record(), one.shown());
      return;
    }
    OwnershipRecord before = one.record().orElseThrow();
    boolean isRival = one.after() == OwnershipState.CONTESTED;
    OwnershipRecord after =
        new OwnershipRecord(
            LINEAGE,
            isRival ? before.epoch() : one.shown().epoch(),
            isRival ? before.node() : one.shown().owner(),
            one.after(),
            isRival ? before.operation() : one.shown().operation(),
            NONE,
            DATASET);
    assertEquals(
        one.after() == OwnershipState.OWNED
            ? changed(after) // Nobody has written it since it was released.
            : new OwnershipDecision(
                Optional.of(after),
                List.of(new Fence(), new Write(after), new Announce(after, false))),
        decide(one.record(), one.shown()));
  }

  @Test
  void anOperatorsWordMakesAnOwnerOfWhomeverItNames() {
    OwnershipRecord owned =
        new OwnershipRecord(LINEAGE, 7, SELF, OwnershipState.OWNED, NOW, FINAL, DATASET);
    for (OwnershipState state : OwnershipState.values()) {
      assertEquals(changed(owned), decide(record(4, OTHER, state), takenOver(7)));
      assertEquals(changed(owned), decide(record(4, SELF, state), takenOver(7)));
    }
    assertUnchanged(Optional.of(owned), takenOver(7));
  }

  /** A liar may have had a copy recorded at an epoch from which there is no other way on. */
  @Test
  void anOperatorsWordReachesAnyEpoch() {
    Optional<OwnershipRecord> copy = record(4, OTHER, OwnershipState.OWNED);
    assertEquals(
        LAST, decide(copy, takenOver(LAST)).record().map(OwnershipRecord::epoch).orElseThrow());
  }

  @Test
  void nobodyIsBelievedThatAnUnheardOfVolumeIsAtAnyEpochButWhoShowsIt() {
    for (long epoch : List.of(1_001L, LAST)) {
      assertRefused(
          OwnershipFailure.EPOCH_BEYOND_REACH,
          NO_RECORD,
          new OwnershipEvent.Claimed(
              LINEAGE, OTHER, epoch, 0, false, Optional.of("nothing leads there")));
      assertRefused(
          OwnershipFailure.EPOCH_BEYOND_REACH,
          NO_RECORD,
          new OwnershipEvent.Received(
              LINEAGE, OTHER, epoch, 0, NOW, DATASET, Optional.of("nothing leads there")));
      assertUnchanged(
          NO_RECORD, new OwnershipEvent.Claimed(LINEAGE, OTHER, epoch, 0, false, Optional.empty()));
    }
  }

  @Test
  void anOperatorsWordIsOfALaterEpochThanTheRecord() {
    Optional<OwnershipRecord> copy = record(4, OTHER, OwnershipState.OWNED);
    assertRefused(OwnershipFailure.NOT_RELEASED, NO_RECORD, takenOver(1));
    assertRefused(OwnershipFailure.STALE_EPOCH, copy, takenOver(4));
    assertRefused(OwnershipFailure.EPOCH_BEYOND_REACH, copy, takenOver(LAST + 1));
    assertRefused(
        OwnershipFailure.STALE_EPOCH, record(4, SELF, OwnershipState.CONTESTED), takenOver(4));
    assertRefused(
        OwnershipFailure.STALE_EPOCH, record(4, OTHER, OwnershipState.SUPERSEDED), takenOver(4));
  }

  @Test
  void aCopyIsSetAsideAtTheWordOfItsOwnerOnly() {
    OwnershipEvent word = new OwnershipEvent.Diverged(OTHER, 4);
    assertEquals(
        new OwnershipDecision(NO_RECORD, List.of(new Forget())),
        decide(record(4, OTHER, OwnershipState.OWNED), word));
    assertRefused(OwnershipFailure.NOT_OWNER, NO_RECORD, word);
    assertRefused(OwnershipFailure.NOT_OWNER, record(5, OTHER, OwnershipState.OWNED), word);
    assertRefused(
        OwnershipFailure.NOT_OWNER,
        record(4, SELF, OwnershipState.OWNED),
        new OwnershipEvent.Diverged(SELF, 4));
    for (OwnershipState state :
        List.of(OwnershipState.SUPERSEDED, OwnershipState.RELEASED, OwnershipState.CONTESTED)) {
      assertRefused(OwnershipFailure.NOT_OWNER, record(4, OTHER, state), word);
    }
  }

  @Test
  void onlyWhatIsSupersededIsSetAside() {
    OwnershipEvent choice = new OwnershipEvent.SetAside();
    assertEquals(
        new OwnershipDecision(NO_RECORD, List.of(new Forget())),
        decide(record(4, OTHER, OwnershipState.SUPERSEDED), choice));
    assertRefused(OwnershipFailure.NOT_SUPERSEDED, NO_RECORD, choice);
    for (OwnershipState state :
        List.of(OwnershipState.OWNED, OwnershipState.RELEASED, OwnershipState.CONTESTED)) {
      assertRefused(OwnershipFailure.NOT_SUPERSEDED, record(4, OTHER, state), choice);
    }
  }

  @Test
  void nobodyIsGivenWhatIsSuperseded() {
    Optional<OwnershipRecord> gone = record(4, OTHER, OwnershipState.SUPERSEDED);
    assertRefused(OwnershipFailure.NOT_RELEASED, gone, acquired(OTHER, 5, FINAL));
    assertRefused(OwnershipFailure.NOT_OWNER, gone, new OwnershipEvent.Released(OTHER, NOW, FINAL));
    assertRefused(OwnershipFailure.NOT_RELEASED, gone, new OwnershipEvent.Delivered());
  }

  private OwnershipDecision decide(Optional<OwnershipRecord> record, OwnershipEvent event) {
    return ownership.decide(record, event);
  }

  private void assertUnchanged(Optional<OwnershipRecord> record, OwnershipEvent event) {
    assertEquals(new OwnershipDecision(record, List.of()), decide(record, event));
  }

  private void assertRefused(
      Failure expected, Optional<OwnershipRecord> record, OwnershipEvent event) {
    OwnershipDecision decision = decide(record, event);
    assertEquals(record, decision.record());
    assertEquals(1, decision.effects().size());
    assertEquals(expected, refusal(decision));
  }

  private static Failure refusal(OwnershipDecision decision) {
    return why(decision).failure();
  }

  private static FailureException why(OwnershipDecision decision) {
    return assertInstanceOf(Refuse.class, decision.effects().getLast()).why();
  }

  private static OwnershipDecision changed(OwnershipRecord record) {
    return new OwnershipDecision(
        Optional.of(record), List.of(new Write(record), new Announce(record, false)));
  }

  private static Optional<OwnershipRecord> record(long epoch, NodeId node, OwnershipState state) {
    return Optional.of(new OwnershipRecord(LINEAGE, epoch, node, state, BEFORE, NONE, DATASET));
  }

  private static OwnershipEvent.Shown shown(NodeId owner, long epoch, Evidence evidence) {
    return new OwnershipEvent.Shown(owner, epoch, NOW, evidence, false);
  }

  /** Of the record's own epoch and operation. */
  private static OwnershipEvent.Shown same(NodeId owner, Evidence evidence) {
    return new OwnershipEvent.Shown(owner, 4, BEFORE, evidence, false);
  }

  private static OwnershipEvent.Shown confirmed(long epoch, Evidence evidence) {
    return new OwnershipEvent.Shown(OTHER, epoch, NOW, evidence, true);
  }

  private static OwnershipEvent takenOver(long epoch) {
    return new OwnershipEvent.TakenOver(epoch, NOW, FINAL);
  }

  private static OwnershipRecord copyOf(NodeId owner, long epoch) {
    return new OwnershipRecord(LINEAGE, epoch, owner, OwnershipState.OWNED, NOW, NONE, DATASET);
  }

  private static OwnershipEvent received(NodeId owner, long epoch) {
    return new OwnershipEvent.Received(LINEAGE, owner, epoch, 0, NOW, DATASET, PROVEN);
  }

  private static OwnershipEvent acquired(NodeId releasedBy, long epoch, Guid latest) {
    return new OwnershipEvent.Acquired(releasedBy, epoch, NOW, FINAL, Optional.of(latest), false);
  }
}
