package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.OwnershipEvent;
import io.flocker.core.volume.ownership.Tenure;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has a volume mounted, and is shown that it is another's. */
class FencingTest {
  private static final VolumeId VOLUME = VolumeId.random();

  private Pond pond;
  private String dataset;

  @BeforeEach
  void mount(@TempDir Path folder) throws Exception {
    pond = new Pond(folder);
    dataset = pond.add(VOLUME, 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.mounter.wantAll();
    assertFalse(pond.mounter.mountWanted());
    assertTrue(isMounted());
  }

  @Test
  void aLaterOwnerWhoIsProvenPutsTheNodeOutAtOnce() throws Exception {
    GrantChain given = FakeGrants.granted(VOLUME, 1, pond.self, pond.other);

    show(given);

    assertFalse(isMounted());
    assertTrue(pond.storage.dataset(dataset).orElseThrow().isReadonly());
    OwnershipRecord record = record();
    assertEquals(OwnershipState.SUPERSEDED, record.state());
    assertEquals(tenure(given), new Tenure(record.node(), record.epoch(), record.operation()));
    assertEquals(given, pond.node.memory().grants().upTo(VOLUME, 1), "the next start knows it");
    assertEquals(1, pond.epochs.highest(VOLUME));
    assertEquals(
        List.of(EventType.VOLUME_FENCED, EventType.VOLUME_ROLE_CHANGED),
        pond.events.stream().map(event -> event.type()).skip(pond.events.size() - 2L).toList());
    FailureException why =
        assertThrows(FailureException.class, () -> pond.catalog.requireOwned(VOLUME));
    assertEquals(OwnershipFailure.SUPERSEDED, why.failure());
    assertEquals(
        "node %s owns volume %s since epoch 1, and the copy of node %s is kept as it was"
            .formatted(pond.other, VOLUME, pond.self),
        why.detail());
  }

  @Test
  void whatNobodyHasSignedChangesNothing() throws Exception {
    GrantChain forged =
        signed(pond.other, grant(1, pond.self, pond.other), grant(2, pond.other, pond.other));
    List<String> before = pond.storage.state();
    show(forged);
    pond.node.fencing().show(VOLUME, pond.other, 1, forged);
    pond.node.fencing().show(VOLUME, pond.other, 9, GrantChain.EMPTY);
    assertEquals(before, pond.storage.state());
    assertEquals(0, pond.epochs.highest(VOLUME));
  }

  @Test
  void anotherCreationOfTheVolumeContestsItUnlessItsCreatorHasConfirmedThisOne() throws Exception {
    GrantChain created = signed(pond.other, grant(0, pond.other, pond.other));
    boolean _ = pond.node.confirmations().confirm(VOLUME, record().operation(), pond.other);
    show(created);
    assertTrue(isMounted());

    NodeId third = NodeId.random();
    show(signed(third, grant(0, third, third)));

    assertFalse(isMounted());
    assertEquals(OwnershipState.CONTESTED, record().state());
    assertEquals(pond.self, record().node(), "who claims it is this node");
  }

  @Test
  void aVolumeThatIsInUseIsRecordedAndUnmountedAsSoonAsItIsFree() throws Exception {
    pond.storage.setBusy(dataset, true);

    show(FakeGrants.granted(VOLUME, 1, pond.self, pond.other));

    assertEquals(OwnershipState.SUPERSEDED, record().state());
    assertTrue(isMounted());
    Optional<String> why =
        Optional.of("it is still mounted, and in use by postgres (pid 4711, fd/7)");
    assertEquals(why, pond.node.fencing().unfinished(VOLUME));
    assertEquals(why, pond.mounter.status(pond.catalog.require(VOLUME)).reason());
    assertTrue(pond.node.fencing().finish());
    pond.storage.setBusy(dataset, false);
    assertFalse(pond.node.fencing().finish());
    assertFalse(isMounted());
    assertEquals(Optional.empty(), pond.node.fencing().unfinished(VOLUME));
  }

  @Test
  void whatCannotBeRecordedIsMountedByNobodyAndRecordedLater() throws Exception {
    Volume before = pond.catalog.require(VOLUME);
    pond.storage.failNextRecord(StorageFailure.ZFS_FAILED.because("I/O error"), false);

    show(FakeGrants.granted(VOLUME, 1, pond.self, pond.other));

    assertFalse(isMounted());
    assertEquals(OwnershipState.OWNED, record().state());
    FailureException refused =
        assertThrows(
            FailureException.class,
            () -> pond.mounter.mountAgain(before, before.dataset().mountpoint().orElseThrow()));
    assertEquals(OwnershipFailure.SUPERSEDED, refused.failure());
    OwnershipEvent release =
        new OwnershipEvent.Released(pond.other, UUID.randomUUID(), new Guid(1));
    assertThrows(
        FailureException.class, () -> pond.catalog.records().apply(before.dataset(), release));
    assertFalse(pond.node.fencing().finish());
    assertEquals(OwnershipState.SUPERSEDED, record().state());
  }

  /** What was read before decides nothing. */
  @Test
  void whoHeldTheVolumeWhenItWasFencedNeitherMountsItNorGivesItAway() throws Exception {
    Volume before = pond.catalog.require(VOLUME);
    try (VolumeLocks.Lease _ = pond.locks.own(VOLUME, "handoff")) {
      show(FakeGrants.granted(VOLUME, 1, pond.self, pond.other));
      OwnershipEvent release =
          new OwnershipEvent.Released(NodeId.random(), UUID.randomUUID(), new Guid(1));
      FailureException refused =
          assertThrows(
              FailureException.class,
              () -> pond.catalog.records().apply(before.dataset(), release));
      assertEquals(OwnershipFailure.NOT_OWNER, refused.failure());
      assertThrows(
          FailureException.class,
          () -> pond.mounter.mountAgain(before, before.dataset().mountpoint().orElseThrow()));
    }
    assertEquals(OwnershipState.SUPERSEDED, record().state());
    assertFalse(pond.mounter.mountWanted());
    assertEquals(Map.of(), pond.mounter.failed(), "nobody has to see to it");
    assertFalse(isMounted());
  }

  @Test
  void anOldPoolIsRecognizedByWhatTheNodeHasSeenItself() throws Exception {
    pond.storage.unmount(dataset);
    GrantChain given = FakeGrants.granted(VOLUME, 1, pond.self, pond.other);
    pond.node.memory().grants().keep(given.grants());
    pond.epochs.observe(VOLUME, 1);
    pond.catalog.lookAround();

    pond.mounter.wantAll();
    assertFalse(pond.mounter.mountWanted());

    assertEquals(OwnershipState.SUPERSEDED, record().state());
    assertFalse(isMounted());
  }

  @Test
  void whatAKilledDaemonLeftMountedIsTakenAway() throws Exception {
    Guid guid = pond.storage.dataset(dataset).orElseThrow().guid();
    pond.storage.setRecord(
        dataset,
        new OwnershipRecord(
            VOLUME,
            1,
            pond.other,
            OwnershipState.SUPERSEDED,
            UUID.randomUUID(),
            new Guid(0),
            guid));
    pond.catalog.lookAround();
    boolean _ = pond.mounter.wantMissing(pond.storage.mounts().names());
    pond.mounter.finishFencing();
    assertFalse(isMounted());
  }

  @Test
  void aClaimThatProvesALaterOwnerPutsTheNodeOutBeforeItIsAnswered() throws Exception {
    Claim claim =
        new Claim(
            VOLUME,
            VolumeName.parse("default.a"),
            pond.other,
            1,
            UUID.randomUUID(),
            FakeGrants.granted(VOLUME, 1, pond.self, pond.other));

    FailureException refused =
        assertThrows(FailureException.class, () -> pond.replicas.admit(claim));

    assertEquals(OwnershipFailure.SUPERSEDED, refused.failure());
    assertFalse(isMounted());
  }

  private void show(GrantChain chain) throws FailureException {
    pond.node.fencing().show(VOLUME, tenure(chain), chain);
  }

  private static Tenure tenure(GrantChain chain) {
    return Tenure.of(chain.grants().getLast().grant());
  }

  private static Grant grant(long epoch, NodeId from, NodeId to) {
    return new Grant(VOLUME, epoch, from, to, UUID.randomUUID(), new Guid(7), Instant.now());
  }

  private static GrantChain signed(NodeId signer, Grant... grants) {
    return new GrantChain(
        List.of(grants).stream()
            .map(grant -> SignedGrant.by(TestCredentials.of(signer), grant))
            .toList());
  }

  private boolean isMounted() throws FailureException {
    return pond.storage.dataset(dataset).orElseThrow().isMounted();
  }

  private OwnershipRecord record() throws FailureException {
    return pond.storage.dataset(dataset).orElseThrow().record().orElseThrow();
  }
}
