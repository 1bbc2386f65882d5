package io.flocker.core.volume;

import static io.flocker.core.grant.FakeGrants.granted;
import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicasTest {
  private static final VolumeId LINEAGE = VolumeId.random();

  private Pond pond;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    pond = new Pond(folder);
  }

  @Test
  @DisplayName("13 a first copy goes where its owner's name says, and is recorded")
  void aFirstCopyIsRecorded() throws FailureException {
    Claim claim = claim(pond.other, 2);
    String dataset = Pond.dataset(pond.other, "default.a");
    assertEquals(new ReplicaTarget(dataset, Optional.empty()), pond.replicas.admit(claim));
    pond.storage.add(dataset);
    pond.replicas.record(claim, pond.storage.dataset(dataset).orElseThrow());
    Volume replica = pond.catalog.require(LINEAGE);
    assertEquals(Role.REPLICA, replica.role());
    assertEquals(pond.other, replica.owner());
    assertEquals(2, replica.epoch());
    assertTrue(pond.storage.isAutomountForbidden(dataset));
    assertEquals(0, pond.epochs.highest(LINEAGE), "it is its owner's word, and nothing proves it");
  }

  /** Else a liar could put a volume that this node never heard of where its owner never gets. */
  @Test
  void aFirstCopyIsBelievedAsFarAsThereIsAWayOnOrAsItIsShown() throws FailureException {
    NodeId next = NodeId.random();
    GrantChain near = granted(LINEAGE, 1_001, pond.other, next);
    GrantChain far = granted(LINEAGE, 5_000, pond.other, next);
    for (Claim claim :
        List.of(
            claim(pond.other, 1_001),
            claim(pond.other, 1_001, near),
            claim(next, 5_000, far),
            claim(pond.other, OwnershipRecord.MAX_EPOCH))) {
      assertFails(OwnershipFailure.EPOCH_BEYOND_REACH, () -> pond.replicas.admit(claim));
    }
    for (Claim claim : List.of(claim(pond.other, 1_000), claim(next, 1_001, near))) {
      assertEquals(Optional.empty(), pond.replicas.admit(claim).present());
    }
    SignedGrant taken =
        SignedGrant.by(
            TestCredentials.operator(),
            new Grant(
                LINEAGE, 5_000, pond.other, next, UUID.randomUUID(), new Guid(7), Instant.now()));
    assertEquals(
        Optional.empty(),
        pond.replicas.admit(claim(next, 5_000, new GrantChain(List.of(taken)))).present());
  }

  @Test
  void aRecordThatSaysTheSameIsLeft() throws FailureException {
    String dataset = pond.add(LINEAGE, 2, pond.other, OwnershipState.OWNED, "default.a");
    pond.replicas.record(claim(pond.other, 2), pond.storage.dataset(dataset).orElseThrow());
    List<String> before = pond.storage.changes();
    assertEquals(dataset, pond.replicas.admit(claim(pond.other, 2)).dataset());
    pond.replicas.record(claim(pond.other, 2), pond.storage.dataset(dataset).orElseThrow());
    assertEquals(before, pond.storage.changes());
  }

  @Test
  void ofTheCopiesOfTheTimeBeforeRecordsTheOneOfThatNameIsMeant() throws FailureException {
    pond.storage.add(Pond.dataset(pond.other, "default.z"));
    String meant = Pond.dataset(pond.other, "default.a");
    pond.storage.add(meant);
    pond.storage.add(Pond.dataset(pond.other, "default.b"));
    assertEquals(meant, pond.replicas.admit(claim(pond.other, 2)).dataset());
  }

  @Test
  void aFirstCopyBesideOnesOfTheTimeBeforeRecordsIsAFirstCopy() throws FailureException {
    pond.storage.add(Pond.dataset(pond.other, "default.b"));
    assertEquals(
        new ReplicaTarget(Pond.dataset(pond.other, "default.a"), Optional.empty()),
        pond.replicas.admit(claim(pond.other, 2)));
  }

  @Test
  void aCopyOfTheTimeBeforeRecordsLearnsItsLineage() throws FailureException {
    String dataset = Pond.dataset(pond.other, "default.a");
    pond.storage.add(dataset);
    VolumeId derived = pond.catalog.list().getFirst().id();
    assertEquals(dataset, pond.replicas.admit(claim(pond.other, 0)).dataset());
    pond.replicas.record(claim(pond.other, 0), pond.storage.dataset(dataset).orElseThrow());
    assertEquals(LINEAGE, pond.catalog.list().getFirst().id());
    assertEquals(Optional.empty(), pond.catalog.find(derived));
  }

  @Test
  @DisplayName("12 no stream comes into what this node owns")
  void noStreamComesIntoWhatThisNodeOwns() throws FailureException {
    pond.add(LINEAGE, 2, pond.self, OwnershipState.OWNED, "default.a");
    assertFails(OwnershipFailure.OWNED_HERE, () -> pond.replicas.admit(claim(pond.other, 3)));
    assertFails(OwnershipFailure.OWNED_HERE, () -> pond.replicas.admit(claim(pond.self, 2)));
  }

  @Test
  void whoeverMissedAChangeOfOwnerIsRefused() throws FailureException {
    pond.add(LINEAGE, 2, pond.other, OwnershipState.OWNED, "default.a");
    pond.epochs.observe(LINEAGE, 3);
    FailureException refusal =
        assertFails(OwnershipFailure.STALE_EPOCH, () -> pond.replicas.admit(claim(pond.other, 2)));
    assertEquals(3L, refusal.members().get("highestEpoch"));
  }

  @Test
  @DisplayName("a claim that brings no proof changes nothing: what it is about goes on working")
  void aClaimWithoutProofChangesNothing() throws Exception {
    NodeId rival = NodeId.random();
    for (NodeId owner : List.of(pond.self, pond.other)) {
      VolumeId id = VolumeId.random();
      String dataset = pond.add(id, 2, owner, OwnershipState.OWNED, "default.of-" + owner);
      Dataset before = pond.storage.dataset(dataset).orElseThrow();
      Claim claim =
          new Claim(
              id, VolumeName.parse("default.a"), rival, 2, UUID.randomUUID(), GrantChain.EMPTY);

      FailureException refusal =
          assertFails(OwnershipFailure.CONTESTED, () -> pond.replicas.admit(claim));

      assertEquals(owner, refusal.members().get("owner"));
      assertEquals(before, pond.storage.dataset(dataset).orElseThrow());
    }
    pond.mounter.wantAll();
    assertFalse(pond.mounter.mountWanted());
    assertTrue(
        pond.catalog.list().stream()
            .filter(volume -> volume.role() == Role.OWNER)
            .allMatch(volume -> volume.dataset().isMounted()));
  }

  @Test
  void aCopyWhoseRecordIsBeyondAllEpochsFollowsItsOwnerAgain() throws Exception {
    NodeId liar = NodeId.random();
    String dataset = pond.add(LINEAGE, Long.MAX_VALUE, liar, OwnershipState.OWNED, "default.a");
    assertEquals(Role.REPLICA, pond.catalog.require(LINEAGE).role());
    assertEquals(0, pond.catalog.require(LINEAGE).epoch());

    Claim claim = claim(pond.other, 1);
    assertEquals(dataset, pond.replicas.admit(claim).dataset());
    pond.replicas.record(claim, pond.storage.dataset(dataset).orElseThrow());

    assertEquals(pond.other, pond.catalog.require(LINEAGE).owner());
    assertEquals(1, pond.epochs.highest(LINEAGE));
  }

  @Test
  void whatThisNodeOwnsBeyondAllEpochsIsNotWritten() throws Exception {
    pond.add(LINEAGE, Long.MAX_VALUE, pond.self, OwnershipState.OWNED, "default.a");
    pond.mounter.wantAll();
    assertFalse(pond.mounter.mountWanted());
    assertEquals(Role.CONTESTED, pond.catalog.require(LINEAGE).role());
    assertFalse(pond.catalog.require(LINEAGE).dataset().isMounted());
  }

  @Test
  void theNextOwnerTakesOverItsCopies() throws FailureException {
    NodeId next = NodeId.random();
    String dataset = pond.add(LINEAGE, 2, pond.other, OwnershipState.OWNED, "default.a");
    Claim claim = claim(next, 3, granted(LINEAGE, 3, pond.other, next));
    assertEquals(dataset, pond.replicas.admit(claim).dataset());
    pond.replicas.record(claim, pond.storage.dataset(dataset).orElseThrow());
    assertEquals(next, pond.catalog.require(LINEAGE).owner());
    assertFails(OwnershipFailure.STALE_EPOCH, () -> pond.replicas.admit(claim(pond.other, 2)));
  }

  @Test
  void aLaterOwnerWhomNobodyGaveTheVolumeIsRefusedAndNothingChanges() throws FailureException {
    NodeId liar = NodeId.random();
    String dataset = pond.add(LINEAGE, 2, pond.other, OwnershipState.OWNED, "default.a");
    List<Claim> lies =
        List.of(
            claim(liar, 3),
            claim(liar, 3, granted(LINEAGE, 3, liar, liar)),
            claim(liar, 4, granted(LINEAGE, 3, pond.other, liar)),
            claim(liar, 3, granted(LINEAGE, 3, pond.other, NodeId.random())));
    for (Claim lie : lies) {
      FailureException refusal =
          assertFails(OwnershipFailure.NOT_GRANTED, () -> pond.replicas.admit(lie));
      assertEquals(pond.other, refusal.members().get("owner"));
      assertTrue(refusal.detail().contains(liar.toString()), refusal::detail);
    }
    assertEquals(0, pond.epochs.highest(LINEAGE));
    assertEquals(dataset, pond.replicas.admit(claim(pond.other, 2)).dataset());
  }

  @Test
  void whatWasShownForAFirstCopyIsKeptToBeShownToOthers() throws FailureException {
    String dataset = Pond.dataset(pond.other, "default.a");
    pond.storage.add(dataset);
    GrantChain chain = granted(LINEAGE, 2, NodeId.random(), pond.other);
    Claim claim = claim(pond.other, 2, chain);

    pond.replicas.record(claim, pond.storage.dataset(dataset).orElseThrow());

    assertEquals(chain, pond.node.memory().grants().upTo(LINEAGE, 2));
  }

  @Test
  void nobodyTellsAnewHowTheVolumeCameToItsOwnerOnRecord() throws FailureException {
    NodeId next = NodeId.random();
    String dataset = Pond.dataset(pond.other, "default.a");
    pond.storage.add(dataset);
    GrantChain true2 = granted(LINEAGE, 2, NodeId.random(), pond.other);
    Claim first = claim(pond.other, 2, true2);
    pond.replicas.record(first, pond.storage.dataset(dataset).orElseThrow());
    List<SignedGrant> told =
        new ArrayList<>(granted(LINEAGE, 2, NodeId.random(), pond.other).grants());
    told.addAll(granted(LINEAGE, 3, pond.other, next).grants());
    Claim second = claim(next, 3, new GrantChain(told));

    pond.replicas.record(second, pond.storage.dataset(dataset).orElseThrow());

    assertEquals(true2, pond.node.memory().grants().upTo(LINEAGE, 2));
    assertEquals(2, pond.node.memory().grants().upTo(LINEAGE, 3).grants().size());
  }

  @Test
  void whatThisNodeGaveAwayComesBackAsACopy() throws FailureException {
    String dataset = pond.add(LINEAGE, 3, pond.other, OwnershipState.RELEASED, "default.a");
    assertEquals(dataset, pond.replicas.admit(claim(pond.other, 3)).dataset());
    pond.replicas.record(claim(pond.other, 3), pond.storage.dataset(dataset).orElseThrow());
    assertEquals(Role.REPLICA, pond.catalog.require(LINEAGE).role());
  }

  @Test
  void aNameThatIsAnotherVolumesIsRefused() throws FailureException {
    VolumeId other = VolumeId.random();
    pond.add(other, 0, pond.other, OwnershipState.OWNED, "default.a");
    FailureException refusal =
        assertFails(
            OwnershipFailure.VOLUME_EXISTS, () -> pond.replicas.admit(claim(pond.other, 0)));
    assertEquals(other, refusal.members().get("volume"));
    assertEquals(pond.self, refusal.members().get("node"));
    String remedy = "on node " + pond.self + ": DELETE /v1/volumes/" + other + "?replica=true";
    assertTrue(refusal.detail().contains(remedy), refusal::detail);
  }

  @Test
  void whatTheVolumeIsSetToFollowsAndItsQuotaIsOnlyKept() throws FailureException {
    String dataset = pond.add(LINEAGE, 2, pond.other, OwnershipState.OWNED, "default.a");
    pond.storage.setQuota(dataset, 16);
    pond.storage.setProperty(dataset, "recordsize", "8192");
    pond.replicas.makeFit(
        dataset, Map.of("refquota", "100", "compression", "on", "recordsize", "inherit"));
    Dataset copy = pond.storage.dataset(dataset).orElseThrow();
    assertEquals(0, copy.quotaBytes());
    assertEquals(100, copy.limitBytes());
    assertEquals(Map.of("compression", "on"), copy.settings());
  }

  @Test
  void aCopyIsMadeFitForAStreamWhateverSomebodySetByHand() throws FailureException {
    String dataset = pond.add(LINEAGE, 2, pond.other, OwnershipState.OWNED, "default.a");
    pond.storage.setQuota(dataset, 16);
    pond.storage.setReadonly(dataset, false);
    pond.replicas.makeFit(dataset, Map.of());
    Dataset copy = pond.storage.dataset(dataset).orElseThrow();
    assertTrue(copy.isReadonly());
    assertEquals(0, copy.quotaBytes());
    assertEquals(16, copy.limitBytes());
  }

  @Test
  void aCopyIsCalledWhatItsVolumeIsCalledByNow() throws FailureException {
    String dataset = pond.add(LINEAGE, 2, pond.other, OwnershipState.OWNED, "default.before");
    pond.replicas.record(claim(pond.other, 2), pond.storage.dataset(dataset).orElseThrow());
    assertEquals(
        Pond.dataset(pond.other, "default.a"), pond.catalog.require(LINEAGE).dataset().name());
  }

  /** Its pool is that of a day before it was given the volume, its state folder is not. */
  @Test
  void whatWasGivenAndIsLostIsTakenAnewFromWhoGaveItInThatHandoffAlone() throws FailureException {
    GrantChain given = granted(LINEAGE, 3, pond.other, pond.self);
    UUID handoff = given.grants().getFirst().grant().operation();
    pond.node.memory().grants().keep(given.grants());
    pond.epochs.observe(LINEAGE, 3);
    Claim again = claim(pond.other, 2, handoff);

    for (Claim claim :
        List.of(
            claim(pond.other, 2),
            claim(pond.other, 1, handoff),
            claim(NodeId.random(), 2, handoff))) {
      assertFails(OwnershipFailure.STALE_EPOCH, () -> pond.replicas.admit(claim));
    }
    String dataset = pond.replicas.admit(again).dataset();
    pond.storage.add(dataset);
    Dataset made = pond.storage.dataset(dataset).orElseThrow();
    assertFails(
        OwnershipFailure.STALE_EPOCH, () -> pond.replicas.record(claim(pond.other, 2), made));
    pond.replicas.record(again, made);

    assertEquals(Role.REPLICA, pond.catalog.require(LINEAGE).role());
    assertEquals(3, pond.epochs.highest(LINEAGE));
    pond.epochs.observe(LINEAGE, 4);
    assertFails(OwnershipFailure.STALE_EPOCH, () -> pond.replicas.admit(again));
  }

  private static Claim claim(NodeId owner, long epoch, UUID operation) {
    return new Claim(
        LINEAGE, VolumeName.parse("default.a"), owner, epoch, operation, GrantChain.EMPTY);
  }

  private static Claim claim(NodeId owner, long epoch) {
    return claim(owner, epoch, GrantChain.EMPTY);
  }

  private static Claim claim(NodeId owner, long epoch, GrantChain grants) {
    return new Claim(
        LINEAGE, VolumeName.parse("default.a"), owner, epoch, UUID.randomUUID(), grants);
  }
}
