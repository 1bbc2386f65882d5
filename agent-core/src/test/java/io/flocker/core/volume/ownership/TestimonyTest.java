package io.flocker.core.volume.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.OwnershipEvent.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A creates the volume and gives it to B, who owns it on record here, at epoch 1. */
class TestimonyTest {
  private static final NodeId A = NodeId.random();
  private static final NodeId B = NodeId.random();
  private static final NodeId C = NodeId.random();
  private static final NodeId D = NodeId.random();
  private static final VolumeId LINEAGE = VolumeId.random();

  private final SignedGrant created = grant(0, A, A);
  private final SignedGrant given = grant(1, A, B);
  private final List<SignedGrant> kept = List.of(created, given);
  private final OwnershipRecord record = record(given);

  @Test
  void whatLeadsOnFromTheRecordIsGranted() {
    SignedGrant next = grant(2, B, C);
    SignedGrant later = grant(3, C, D);
    assertEquals(found(Evidence.GRANTED, next), judge(next, next));
    assertEquals(found(Evidence.GRANTED, next, later), judge(later, next, later));
    assertEquals(Evidence.NONE, judge(later, later).evidence(), "how did C come to it?");
    assertEquals(Evidence.NONE, judge(grant(2, B, C)).evidence(), "nothing is shown");
  }

  @Test
  void whatAFormerOwnerGaveTwiceIsAnotherBranch() {
    SignedGrant rival = grant(1, A, C);
    SignedGrant heir = grant(2, C, D);
    assertEquals(Evidence.BRANCHED, judge(rival, rival).evidence());
    assertEquals(found(Evidence.BRANCHED, rival, heir), judge(heir, rival, heir));
  }

  /** A first use that was given up, say: its grants are kept before the record is written. */
  @Test
  void whatIsKeptAndHasNotLedToTheRecordIsNoPastOfIt() {
    SignedGrant liars = grant(0, D, D);
    SignedGrant next = grant(1, D, D);
    assertEquals(
        new Testimony(Evidence.CREATED_AGAIN, Optional.of(D), List.of(liars, next)),
        judge(record, List.of(liars, given), next, next));
    SignedGrant sameEpoch = grant(1, D, B);
    SignedGrant theirs = grant(1, D, C);
    assertEquals(Evidence.NONE, judge(record, List.of(sameEpoch), theirs, theirs).evidence());
  }

  @Test
  void whoOwnedTheVolumeBeforeATakeoverMayNotGiveItAwayPastThat() {
    SignedGrant taken = takeover(3, C);
    SignedGrant rival = grant(2, B, D);
    SignedGrant heir = grant(3, D, A);
    assertEquals(
        Evidence.BRANCHED,
        judge(record(taken), List.of(created, given, taken), heir, rival, heir).evidence());
  }

  @Test
  void whoCreatesTheVolumeAgainIsNamed() {
    SignedGrant again = grant(0, C, C);
    SignedGrant heir = grant(1, C, D);
    assertEquals(
        new Testimony(Evidence.CREATED_AGAIN, Optional.of(C), List.of(again, heir)),
        judge(heir, again, heir));
    assertEquals(Evidence.NONE, judge(heir, heir).evidence());
  }

  /** At its first owner's by the record alone, and at a later one's by the creation that he has. */
  @Test
  void noOtherCreationCountsWhereTheFirstOwnerMadeUpTheId() {
    SignedGrant again = creation(C, Grant.FRESH_ID);
    SignedGrant heir = grant(1, C, D);
    SignedGrant fresh = creation(A, Grant.FRESH_ID);

    assertEquals(Evidence.NONE, judge(record(fresh), List.of(), again, again).evidence());
    assertEquals(Evidence.NONE, judge(record, List.of(fresh, given), heir, again, heir).evidence());
    assertEquals(
        Evidence.CREATED_AGAIN,
        judge(record, List.of(again, given), heir, again, heir).evidence(),
        "what did not lead to the record");
    assertEquals(
        Evidence.CREATED_AGAIN,
        judge(record(creation(A, new Guid(0))), List.of(), again, again).evidence(),
        "A's caller chose the id");
  }

  @Test
  void whatLeadsOnCountsWhoeverMadeUpTheId() {
    SignedGrant next = grant(2, B, C);
    SignedGrant rival = grant(1, A, C);
    List<SignedGrant> book = List.of(creation(A, Grant.FRESH_ID), given);
    assertEquals(found(Evidence.GRANTED, next), judge(record, book, next, next));
    assertEquals(Evidence.BRANCHED, judge(record, book, rival, rival).evidence());
  }

  private static SignedGrant creation(NodeId by, Guid mark) {
    return SignedGrant.by(
        TestCredentials.of(by), new Grant(LINEAGE, 0, by, by, op(), mark, Instant.now()));
  }

  /** It was for him to choose among the creations; else there were no end to it. */
  @Test
  void noCreationCountsAgainstACopyThatAnOperatorHasChosen() {
    SignedGrant taken = takeover(2, C);
    SignedGrant back = grant(3, C, B);
    SignedGrant[] theirs = {grant(0, D, D), grant(1, D, D), grant(2, D, D), grant(3, D, D)};
    assertEquals(
        Evidence.NONE,
        judge(record(back), List.of(created, given, taken, back), theirs[3], theirs).evidence());
  }

  @Test
  void anOperatorsWordStandsAlone() {
    SignedGrant taken = takeover(7, D);
    SignedGrant heir = grant(8, D, C);
    assertEquals(found(Evidence.TAKEN_OVER, taken), judge(taken, taken));
    assertEquals(found(Evidence.TAKEN_OVER, taken, heir), judge(heir, taken, heir));
  }

  @Test
  void whoOwnedTheVolumeByAnOperatorsWordOnceMayNotGiveItAwayTwice() {
    SignedGrant taken = takeover(2, C);
    SignedGrant back = grant(3, C, B);
    SignedGrant rival = grant(3, C, D);
    assertEquals(
        Evidence.BRANCHED,
        judge(record(back), List.of(created, given, taken, back), rival, taken, rival).evidence());
  }

  @Test
  void whatWasSignedAndNotCarriedOutIsNotTakenFromTheBook() {
    SignedGrant givenUp = grant(2, B, C);
    List<SignedGrant> book = List.of(created, given, givenUp);
    assertEquals(Evidence.NONE, judge(record, book, givenUp).evidence());
    assertEquals(Evidence.GRANTED, judge(record, book, givenUp, givenUp).evidence());
  }

  @Test
  void whatSomebodyElseHasSignedOrWasSaidOfAnotherVolumeCountsForNothing() {
    SignedGrant forged =
        SignedGrant.by(
            TestCredentials.of(C), new Grant(LINEAGE, 2, B, C, op(), new Guid(7), Instant.now()));
    assertEquals(Evidence.NONE, judge(forged, forged).evidence());
    SignedGrant others =
        SignedGrant.by(
            TestCredentials.of(B),
            new Grant(VolumeId.random(), 2, B, C, op(), new Guid(7), Instant.now()));
    assertEquals(Evidence.NONE, judge(others, others).evidence());
  }

  @Test
  void aGrantIsForWhomItNamesAtItsEpoch() {
    SignedGrant next = grant(2, B, C);
    UUID operation = next.grant().operation();
    for (Tenure other : List.of(new Tenure(D, 2, operation), new Tenure(C, 3, operation))) {
      assertEquals(
          Evidence.NONE,
          Testimony.of(record, other, kept, List.of(next), TestimonyTest::isSound).evidence());
    }
  }

  private Testimony judge(SignedGrant claimed, SignedGrant... shown) {
    return judge(record, kept, claimed, shown);
  }

  private static Testimony judge(
      OwnershipRecord record, List<SignedGrant> kept, SignedGrant claimed, SignedGrant... shown) {
    Grant grant = claimed.grant();
    return Testimony.of(
        record,
        new Tenure(grant.to(), grant.epoch(), grant.operation()),
        kept,
        List.of(shown),
        TestimonyTest::isSound);
  }

  private static boolean isSound(SignedGrant signed) {
    return signed.objection(TestCredentials.of(A).authority()).isEmpty();
  }

  private static Testimony found(Evidence evidence, SignedGrant... path) {
    return new Testimony(evidence, Optional.empty(), List.of(path));
  }

  private static OwnershipRecord record(SignedGrant by) {
    Grant grant = by.grant();
    return new OwnershipRecord(
        LINEAGE,
        grant.epoch(),
        grant.to(),
        OwnershipState.OWNED,
        grant.operation(),
        grant.finalSnapshot(),
        new Guid(7));
  }

  private static SignedGrant grant(long epoch, NodeId from, NodeId to) {
    return SignedGrant.by(
        TestCredentials.of(from),
        new Grant(LINEAGE, epoch, from, to, op(), new Guid(7), Instant.now()));
  }

  private static SignedGrant takeover(long epoch, NodeId to) {
    return SignedGrant.by(
        TestCredentials.operator(),
        new Grant(LINEAGE, epoch, B, to, op(), new Guid(7), Instant.now()));
  }

  private static UUID op() {
    return UUID.randomUUID();
  }
}
