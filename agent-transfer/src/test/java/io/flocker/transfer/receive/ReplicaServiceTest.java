package io.flocker.transfer.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.FakePolicyStore;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.replicate.policy.ReplicationTerms;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.protocol.PruneRequest;
import io.flocker.transfer.protocol.VolumeView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaServiceTest {
  private static final VolumeName NAME = VolumeName.parse("default.mongodb");

  private final NodeId owner = NodeId.random();
  private final VolumeId id = VolumeId.random();
  private final FakeStorage storage = new FakeStorage();
  private final String copy = new DatasetName(owner, NAME).in(FakeStorage.POOL);
  private final VolumeLocks locks = new VolumeLocks();
  private final NodeId self = NodeId.random();
  private final NodeId third = NodeId.random();
  private final Policies policies;
  private final EpochMemory epochs;
  private final VolumeCatalog catalog;
  private final ReplicaService replicas;

  ReplicaServiceTest(@TempDir Path folder) throws IOException, FailureException {
    policies = Policies.open(new FakePolicyStore());
    epochs = EpochMemory.open(folder);
    catalog = new VolumeCatalog(storage, self, epochs, (_, _) -> {}, EventSink.NONE);
    replicas = with(ReceiverFloor.Terms.NONE);
  }

  @Test
  @DisplayName("53 a volume that is not here is told as absent, without snapshots")
  void tellsThatNothingIsHere() throws FailureException {
    VolumeView view =
        replicas.view(id, Optional.of(NAME.toString()), Optional.of(owner.toString()));

    assertFalse(view.exists());
    assertEquals(List.of(), view.snapshots());
  }

  @Test
  void findsACopyFromBeforeThereWereRecordsByItsName() throws FailureException {
    storage.add(copy);
    Snapshot snapshot = storage.snapshot(copy, "a");

    VolumeView view =
        replicas.view(id, Optional.of(NAME.toString()), Optional.of(owner.toString()));

    assertEquals(List.of(snapshot), view.snapshots());
  }

  @Test
  @DisplayName("52 what the owner does not keep is pruned, but for the newest and what people took")
  void prunesWhatTheOwnerDoesNotKeep() throws FailureException {
    recordedCopy();
    storage.snapshot(copy, "by-hand");
    storage.snapshot(copy, "flk.20260102T030405Z.push.00000001");
    Snapshot kept = storage.snapshot(copy, "flk.20260102T030405Z.push.00000002");
    storage.snapshot(copy, "flk.20260102T030405Z.push.00000003");

    List<String> pruned =
        replicas.prune(owner, id, new PruneRequest(owner, 0, List.of(kept.guid())));

    assertEquals(List.of("flk.20260102T030405Z.push.00000001"), pruned);
  }

  @Test
  void whatTheOwnerWishesBesideThatStays() throws FailureException {
    recordedCopy();
    List<Snapshot> taken = takeFour();
    PruneRequest request =
        new PruneRequest(owner, 0, List.of(taken.get(1).guid()), RetentionRules.ofLast(2));

    assertEquals(List.of(taken.getFirst().name()), replicas.prune(owner, id, request));
  }

  @Test
  @DisplayName("S05 no owner has a node keep less than its own floor")
  void noOwnerHasItKeepLessThanItsFloor() throws FailureException {
    recordedCopy();
    List<Snapshot> taken = takeFour();
    ReplicaService careful =
        with(new ReceiverFloor.Terms(RetentionRules.ofLast(3), true, OptionalLong.empty(), false));
    PruneRequest nothing = new PruneRequest(owner, 0, List.of(), RetentionRules.ofLast(1));

    assertEquals(List.of(taken.getFirst().name()), careful.prune(owner, id, nothing));
  }

  @Test
  void ofAPeerThatOnlyAppendsNothingIsGivenUp() throws FailureException {
    recordedCopy();
    takeFour();
    ReplicaService appending =
        with(new ReceiverFloor.Terms(RetentionRules.ofLast(1), true, OptionalLong.empty(), true));

    assertEquals(List.of(), appending.prune(owner, id, new PruneRequest(owner, 0, List.of())));
  }

  @Test
  @DisplayName("S06 what somebody holds stays, and holds up nothing else")
  void whatIsHeldIsLeft() throws FailureException {
    recordedCopy();
    List<Snapshot> taken = takeFour();
    storage.hold(copy, taken.get(1).name(), "backup");

    List<String> pruned = replicas.prune(owner, id, new PruneRequest(owner, 0, List.of()));

    assertEquals(List.of(taken.getFirst().name(), taken.get(2).name()), pruned);
    assertEquals(
        List.of(taken.get(1), taken.get(3)), storage.dataset(copy).orElseThrow().snapshots());
  }

  @Test
  void nobodyButTheOwnerPrunes() throws FailureException {
    recordedCopy();
    NodeId other = NodeId.random();

    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> replicas.prune(other, id, new PruneRequest(other, 0, List.of())));

    assertEquals(OwnershipFailure.NOT_OWNER, refusal.failure());
    assertEquals(owner, refusal.members().get("owner"));
  }

  @Test
  void whoHasNothingToPruneDoesNotEvenWaitForTheVolumesTurn() throws FailureException {
    recordedCopy();
    NodeId other = NodeId.random();

    try (VolumeLocks.Lease _ = locks.own(id, "who has it")) {
      FailureException refusal =
          assertThrows(
              FailureException.class,
              () -> replicas.prune(other, id, new PruneRequest(other, 0, List.of())));
      assertEquals(OwnershipFailure.NOT_OWNER, refusal.failure());
    }
  }

  @Test
  void nobodyPrunesInTheOwnersName() throws FailureException {
    recordedCopy();

    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> replicas.prune(NodeId.random(), id, new PruneRequest(owner, 0, List.of())));

    assertEquals(OwnershipFailure.FOREIGN_CLAIM, refusal.failure());
  }

  @Test
  void allThatTheOwnerKeepsStays() throws FailureException {
    recordedCopy();
    List<Snapshot> taken = takeFour();
    List<Guid> kept = List.of(taken.getFirst().guid(), taken.get(2).guid());

    List<String> pruned = replicas.prune(owner, id, new PruneRequest(owner, 0, kept));

    assertEquals(List.of(taken.get(1).name()), pruned);
  }

  @Test
  void nothingGoesOfWhatAnotherHasTakenOverSince() throws FailureException {
    recordedCopy();
    List<Snapshot> taken = takeFour();
    assertEquals(1, catalog.known(id).size());
    record(NodeId.random()); // Nobody has told the catalog yet.

    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> replicas.prune(owner, id, new PruneRequest(owner, 0, List.of())));

    assertEquals(OwnershipFailure.NOT_OWNER, refusal.failure());
    assertEquals(taken, storage.dataset(copy).orElseThrow().snapshots());
    locks.own(id, "test").close();
  }

  @Test
  void whatIsSaidOfTheCopiesIsHeardWithAPruning() throws FailureException {
    recordedCopy();

    var _ = replicas.prune(owner, id, new PruneRequest(owner, 0, List.of()).telling(said(third)));

    assertEquals(Optional.of(copiesAt(third)), policies.own(id));
  }

  @Test
  void whatIsSaidOfTheCopiesIsHeardWithoutWaitingForTheVolume() throws FailureException {
    recordedCopy();
    List<Snapshot> taken = takeFour();

    try (VolumeLocks.Lease _ = locks.own(id, "who has it")) {
      List<String> pruned = replicas.prune(owner, id, PruneRequest.news(owner, 0, said(third)));
      assertEquals(List.of(), pruned);
    }

    assertEquals(Optional.of(copiesAt(third)), policies.own(id));
    assertEquals(taken, storage.dataset(copy).orElseThrow().snapshots());
  }

  @Test
  void nobodyButTheOwnerIsHeard() throws FailureException {
    recordedCopy();
    NodeId other = NodeId.random();

    assertEquals(OwnershipFailure.NOT_OWNER, refusalOfNews(other, 0).failure());
    assertEquals(OwnershipFailure.NOT_OWNER, refusalOfNews(owner, 1).failure());
    assertEquals(Optional.empty(), policies.own(id));
  }

  @Test
  void nothingIsHeardOfWhatIsNotHere() {
    assertEquals(OwnershipFailure.VOLUME_NOT_FOUND, refusalOfNews(owner, 0).failure());
  }

  private FailureException refusalOfNews(NodeId caller, long epoch) {
    return assertThrows(
        FailureException.class,
        () -> replicas.prune(caller, id, PruneRequest.news(caller, epoch, said(third))));
  }

  /** What the owner says where the volume is to be held by its own policy. */
  private Handover said(NodeId peer) throws FailureException {
    Policies theirs = Policies.open(new FakePolicyStore());
    theirs.put(id, Policy.to(List.of(peer)));
    return Handover.of(theirs, id, NAME);
  }

  private static OwnPolicy copiesAt(NodeId... peers) {
    return new OwnPolicy(Policy.to(List.of(peers)), false);
  }

  @Test
  @DisplayName("P21 a copy of another volume is not taken for it by its name")
  void aCopyOfAnotherVolumeIsNotTakenForItByItsName() throws FailureException {
    recordedCopy();

    VolumeView view =
        replicas.view(
            VolumeId.random(), Optional.of(NAME.toString()), Optional.of(owner.toString()));

    assertFalse(view.exists());
  }

  private ReplicaService with(ReceiverFloor.Terms terms) {
    return new ReplicaService(
        storage,
        catalog,
        epochs,
        locks,
        _ -> Optional.empty(),
        new ReplicationTerms(
            policies,
            () -> new ReceiverFloor(self, ReceiverFloor.Terms.NONE, Map.of(owner, terms))),
        self);
  }

  private List<Snapshot> takeFour() throws FailureException {
    List<Snapshot> taken = new ArrayList<>();
    for (int number = 1; number <= 4; number++) {
      taken.add(storage.snapshot(copy, "flk.20260102T030405Z.push.0000000" + number));
    }
    return taken;
  }

  private void recordedCopy() throws FailureException {
    storage.add(copy);
    record(owner);
  }

  private void record(NodeId node) throws FailureException {
    Guid dataset = storage.dataset(copy).orElseThrow().guid();
    storage.setRecord(
        copy,
        new OwnershipRecord(
            id, 0, node, OwnershipState.OWNED, UUID.randomUUID(), new Guid(0), dataset));
  }
}
