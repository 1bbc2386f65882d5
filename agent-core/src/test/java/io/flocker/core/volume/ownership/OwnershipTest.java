package io.flocker.core.volume.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.OwnershipEffect.Announce;
import io.flocker.core.volume.ownership.OwnershipEffect.Protect;
import io.flocker.core.volume.ownership.OwnershipEffect.Refuse;
import io.flocker.core.volume.ownership.OwnershipEffect.Write;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private static final NodeId SELF = NodeId.random();
  private static final NodeId OTHER = NodeId.random();
  private static final NodeId THIRD = NodeId.random();
  private static final VolumeId LINEAGE = VolumeId.random();
  private static final Guid DATASET = new Guid(7);
  private static final Guid NONE = new Guid(0);
  private static final Guid FINAL = new Guid(9);
  private static final UUID BEFORE = UUID.randomUUID();
  private static final UUID NOW = UUID.randomUUID();
  private static final Optional<String> PROVEN = Optional.empty();
  private static final Optional<OwnershipRecord> NO_RECORD = Optional.empty();

  private final Ownership ownership = new Ownership(SELF);

  @Test
  void aNewVolumeAndAnAdoptedOneBeginAtEpochZero() {
    OwnershipRecord first =
        new OwnershipRecord(LINEAGE, 0, SELF, OwnershipState.OWNED, NOW, NONE, DATASET);
    OwnershipDecision begun = new OwnershipDecision(Optional.of(first), List.of(new Write(first)));
    assertEquals(begun, decide(NO_RECORD, new OwnershipEvent.Created(LINEAGE, NOW, DATASET)));
    assertEquals(begun, decide(NO_RECORD, new OwnershipEvent.Adopted(LINEAGE, NOW, DATASET)));
  }

  @Test
  void whatBearsARecordIsNeitherNewNorAdopted() {
    Optional<OwnershipRecord> copy = record(3, OTHER, OwnershipState.OWNED);
    assertRefused(
        OwnershipFailure.VOLUME_EXISTS, copy, new OwnershipEvent.Created(LINEAGE, NOW, DATASET));
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

  @Test
  void theOwnersClaimIsGranted() {
    assertUnchanged(NO_RECORD, claimed(OTHER, 0));
    assertUnchanged(record(4, OTHER, OwnershipState.OWNED), claimed(OTHER, 4));
    assertUnchanged(record(4, OTHER, OwnershipState.OWNED), claimed(THIRD, 5));
    assertUnchanged(record(4, OTHER, OwnershipState.RELEASED), claimed(OTHER, 4));
  }

  @Test
  void nobodyClaimsWhatThisNodeOwns() {
    assertRefused(
        OwnershipFailure.OWNED_HERE, record(4, SELF, OwnershipState.OWNED), claimed(OTHER, 5));
  }

  @Test
  void twoOwnersOfOneEpochContestTheVolume() {
    for (NodeId known : List.of(SELF, OTHER)) {
      OwnershipRecord before = record(4, known, OwnershipState.OWNED).orElseThrow();
      OwnershipRecord contested =
          new OwnershipRecord(LINEAGE, 4, known, OwnershipState.CONTESTED, BEFORE, NONE, DATASET);
      OwnershipDecision decision = decide(Optional.of(before), claimed(THIRD, 4));
      assertEquals(Optional.of(contested), decision.record());
      assertEquals(
          List.of(new Write(contested), new Announce(contested, false)),
          decision.effects().subList(0, 2));
      assertEquals(OwnershipFailure.CONTESTED, refusal(decision));
    }
  }

  @Test
  void whoeverIsNoPeerPutsNothingOnRecord() {
    assertRefused(
        OwnershipFailure.CONTESTED,
        record(4, SELF, OwnershipState.OWNED),
        new OwnershipEvent.Claimed(THIRD, 4, false, false, PROVEN));
  }

  @Test
  void whatIsContestedStaysSo() {
    assertRefused(
        OwnershipFailure.CONTESTED, record(4, OTHER, OwnershipState.CONTESTED), claimed(OTHER, 5));
    assertRefused(
        OwnershipFailure.CONTESTED,
        NO_RECORD,
        new OwnershipEvent.Claimed(OTHER, 0, true, true, PROVEN));
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
    return assertInstanceOf(Refuse.class, decision.effects().getLast()).why().failure();
  }

  private static OwnershipDecision changed(OwnershipRecord record) {
    return new OwnershipDecision(
        Optional.of(record), List.of(new Write(record), new Announce(record, false)));
  }

  private static Optional<OwnershipRecord> record(long epoch, NodeId node, OwnershipState state) {
    return Optional.of(new OwnershipRecord(LINEAGE, epoch, node, state, BEFORE, NONE, DATASET));
  }

  private static OwnershipRecord copyOf(NodeId owner, long epoch) {
    return new OwnershipRecord(LINEAGE, epoch, owner, OwnershipState.OWNED, NOW, NONE, DATASET);
  }

  private static OwnershipEvent received(NodeId owner, long epoch) {
    return new OwnershipEvent.Received(LINEAGE, owner, epoch, NOW, DATASET);
  }

  private static OwnershipEvent claimed(NodeId claimant, long epoch) {
    return new OwnershipEvent.Claimed(claimant, epoch, true, false, PROVEN);
  }

  private static OwnershipEvent acquired(NodeId releasedBy, long epoch, Guid latest) {
    return new OwnershipEvent.Acquired(releasedBy, epoch, NOW, FINAL, Optional.of(latest), false);
  }
}
