package io.flocker.transfer.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationBody;
import io.flocker.core.operation.Resumption.CutShort;
import io.flocker.core.peer.PeerReach;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.FakePolicyStore;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.replicate.policy.ReplicationTerms;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredJournals;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.NodeMemory;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SignedEpochs;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeMode;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.TestServer;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.transfer.assembly.ByteMover;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.handoff.VolumeUsers;
import io.flocker.transfer.protocol.HttpPeerVolumes;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.push.RecordingContext;
import io.flocker.transfer.stream.TransferSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node without peers: what gets as far as asking one fails for that. */
class TransferWorkTest {
  private static final Optional<String> STALE = Optional.of("\"stale\"");
  private static final NodeId NOBODY = NodeId.random();

  private final NodeId self = NodeId.random();
  private final FakeStorage storage = new FakeStorage();

  private Database database;
  private TestServer server;
  private VolumeCatalog catalog;
  private VolumeId volume;
  private TransferWork work;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    database = Database.open(folder);
    server = TestServer.start(folder, List.of());
    storage.add(new DatasetName(self, VolumeName.parse("default.db")).in(FakeStorage.POOL));
    NodeMemory memory =
        NodeMemory.open(
            folder,
            self,
            EventSink.NONE,
            StoredJournals.in(database, InstantSource.system()),
            FakeGrants.keeper(self));
    LocalNode home = new LocalNode(self, folder.resolve("mounts"), VolumeMode.ROOT_WRITES);
    NodeVolumes node =
        NodeVolumes.of(
            home,
            storage,
            memory,
            new SignedEpochs(memory.epochs()),
            _ -> List.of(),
            Clearance.Maker.NONE,
            EventSink.NONE);
    catalog = node.catalog();
    volume = catalog.list().getFirst().id();
    PeerClient client = server.peerClient(PeerClientSettings.defaults());
    PeerVolumes peers =
        new HttpPeerVolumes(
            client, server.loops(), memory.peers(), new PeerReach(memory.peers(), EventSink.NONE));
    Policies policies = Policies.open(new FakePolicyStore());
    ByteMover mover =
        ByteMover.of(
            node,
            new ReplicationTerms(policies, () -> ReceiverFloor.none(self)),
            new SnapshotHooks(self, FakeStorage.POOL, policies, Map::of),
            peers,
            TransferSettings.defaults(),
            new TransferBoard((_, _, _) -> {}),
            1,
            VolumeUsers.OF_THIS_MACHINE);
    work =
        new TransferWork(
            mover.push(),
            mover.handoff(),
            new VolumeDocuments(
                memory.register(), MountStatus::of, node.confirmations(), memory.cursors()),
            Duration.ZERO);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    database.close();
  }

  @Test
  @DisplayName("H03 what was asked of a volume that has changed since then is not begun")
  void asksAgainOnceItHasTheVolume() throws Exception {
    assertFails(
        RequestFailure.PRECONDITION_FAILED,
        work.push(volume, NOBODY, true, InitialReplication.ALL, STALE));
    assertFails(
        RequestFailure.PRECONDITION_FAILED,
        work.handoff(volume, NOBODY, InitialReplication.ALL, STALE));
    assertEquals(List.of(), catalog.require(volume).dataset().snapshots());

    Optional<String> any = Optional.of("*");
    assertFails(
        OwnershipFailure.PEER_UNKNOWN,
        work.push(volume, NOBODY, true, InitialReplication.ALL, any));
    assertFails(
        OwnershipFailure.PEER_UNKNOWN, work.handoff(volume, NOBODY, InitialReplication.ALL, any));
  }

  @Test
  void theNextDaemonAsksTooUnlessThePushHadBegun() throws Exception {
    Map<String, Object> input = TransferWork.input(NOBODY, true, InitialReplication.ALL, STALE);

    assertFails(RequestFailure.PRECONDITION_FAILED, resumed(TransferWork.PUSH, input, false));
    assertFails(RequestFailure.PRECONDITION_FAILED, resumed(TransferWork.HANDOFF, input, false));
    assertFails(OwnershipFailure.PEER_UNKNOWN, resumed(TransferWork.PUSH, input, true));
  }

  @Test
  void aHandoffThatHadBegunCanOnlyGoForwardOrTellThatItWasInterrupted() throws Exception {
    Map<String, Object> input = TransferWork.input(NOBODY, InitialReplication.ALL, STALE);

    OperationBody begun = resumed(TransferWork.HANDOFF, input, true);

    assertTrue(begun.onlyGoesForward());
    assertFails(TransferFailure.INTERRUPTED, begun);
    assertFalse(resumed(TransferWork.HANDOFF, input, false).onlyGoesForward());
    assertFalse(
        resumed(
                TransferWork.PUSH,
                TransferWork.input(NOBODY, true, InitialReplication.ALL, STALE),
                true)
            .onlyGoesForward());
  }

  private OperationBody resumed(String kind, Map<String, Object> input, boolean hasBegun) {
    CutShort cut = new CutShort(UUID.randomUUID(), Optional.of(volume), input, hasBegun);
    return work.kinds().stream()
        .filter(known -> known.name().equals(kind))
        .findAny()
        .flatMap(known -> known.resumption().of(cut))
        .orElseThrow();
  }

  private static void assertFails(Failure expected, OperationBody body) {
    FailureException failure =
        assertThrows(FailureException.class, () -> body.run(new RecordingContext()));
    assertEquals(expected, failure.failure(), failure::getMessage);
  }
}
