package io.flocker.transfer.deploy;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.converge.Cancellation;
import io.flocker.core.deploy.converge.NamedVolumes;
import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.KnownPeer;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.deploy.plan.VolumeReference;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationObserver;
import io.flocker.core.operation.Operations;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredOperations;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.transfer.find.FindService;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.route.TransferWork;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes in memory, and the real operations of the first one. */
@Timeout(120)
class DeployedVolumesTest {
  private static final VolumeName NAME = VolumeName.parse("default.db");
  private static final NamedVolumes NAMED = new NamedVolumes(Set.of(NAME), Set.of());
  private static final Duration WAIT = Duration.ofSeconds(60);

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final Cancellation wanted = new Cancellation();
  private Database database;
  private Operations operations;
  private OperatedMoves moves;
  private DeployedVolumes volumes;

  @BeforeEach
  void open() throws Exception {
    MemoryNode first = nodes.first;
    var _ =
        first.peers.put(
            new Peer(nodes.second.id, List.of(Address.parse("127.0.0.1:9")), Takeover.NEVER));
    database = Database.open(Files.createDirectory(nodes.folder.resolve("database")));
    operations =
        new Operations(
            first.id,
            new StoredOperations(database),
            new OperationKinds(),
            OperationObserver.NONE,
            InstantSource.system(),
            WAIT);
    TransferWork work =
        new TransferWork(
            first.push,
            first.handoff,
            new VolumeDocuments(
                first.register, MountStatus::of, first.parts.confirmations(), first.cursors));
    moves = new OperatedMoves(first.parts, first.links, first.find, operations, work, first.wished);
    volumes = new DeployedVolumes(first.parts, first.links, first.find, first.policies, WAIT);
  }

  @AfterEach
  void close() throws Exception {
    operations.close();
    database.close();
  }

  @Test
  void ofTwoNodesThatWouldMakeAVolumeOfOneNameAtMostOneDoes() throws Exception {
    Change.CreateVolume wanted =
        new Change.CreateVolume(
            new VolumeReference(NAME, Optional.empty()),
            OptionalLong.empty(),
            Optional.empty(),
            new TreeMap<>(),
            List.of());
    try (FindService.Making _ = nodes.second.find.making(NAME)) {
      var _ = assertFails(OwnershipFailure.VOLUME_LOCKED, () -> moves.create(wanted));
    }
    VolumeId theirs = nodes.second.create(NAME.toString()).id();

    var _ = assertFails(OwnershipFailure.VOLUME_EXISTS, () -> moves.create(wanted));

    assertEquals(List.of(), volumes.here(NAMED));
    assertEquals(theirs, there().volumes().orElseThrow().getFirst().id());
  }

  @Test
  void whatAWishSaysOfReplicationIsSaidByTheOwnerAndWhatAUserSaidIsNotTakenAway() throws Exception {
    VolumeId mine = nodes.first.create(NAME.toString()).id();
    VolumeReference byName = new VolumeReference(NAME, Optional.empty());
    Policy policy = Policy.to(List.of(nodes.second.id));

    moves.replicate(byName, Optional.of(policy));
    assertEquals(Map.of(mine, new OwnPolicy(policy, true)), volumes.policies());

    nodes.first.policies.put(mine, policy);
    moves.replicate(byName, Optional.empty());
    assertEquals(Map.of(mine, new OwnPolicy(policy, false)), volumes.policies());

    var _ =
        assertFails(
            OwnershipFailure.PEER_UNKNOWN,
            () -> moves.replicate(byName, Optional.of(Policy.to(List.of(NodeId.random())))));
    VolumeId theirs = nodes.second.create("default.theirs").id();
    var _ =
        assertFails(
            OwnershipFailure.VOLUME_NOT_FOUND,
            () ->
                moves.replicate(
                    new VolumeReference(VolumeName.parse("default.theirs"), Optional.of(theirs)),
                    Optional.of(policy)));
    assertEquals(Map.of(mine, new OwnPolicy(policy, false)), volumes.policies());
  }

  @Test
  void whatAnOwnerHasToldItsCopyIsNothingForThePlanHere() throws Exception {
    VolumeId theirs = nodes.second.create("default.theirs").id();
    nodes.first.policies.set(
        theirs, Optional.of(new OwnPolicy(Policy.to(List.of(nodes.second.id)), true)));

    assertEquals(Map.of(), volumes.policies());
  }

  @Test
  void aVolumeIsMadePushedAndHandedOffAndFoundWhereverItIs() throws Exception {
    moves.create(
        new Change.CreateVolume(
            new VolumeReference(NAME, Optional.empty()),
            OptionalLong.of(1L << 30),
            Optional.of("gold"),
            new TreeMap<>(Map.of("team", "storage")),
            List.of()));
    LocalVolume made = volumes.here(NAMED).getFirst();
    assertTrue(made.isUsable());
    assertEquals(OptionalLong.of(1L << 30), made.maximumSizeBytes());
    assertEquals(
        Map.of("team", "storage", OperatedMoves.PROFILE, "gold"),
        nodes.first.register.metadata(made.id()));
    assertEquals(Optional.of(List.of()), there().volumes());

    moves.push(made.id(), nodes.second.id, wanted);
    assertEquals(Role.REPLICA, there().volumes().orElseThrow().getFirst().role());

    moves.handOff(made.id(), nodes.second.id, wanted);
    assertOwner(nodes.second, made.id(), 1);
    assertReplica(nodes.first, made.id(), nodes.second, 1);
    assertFalse(volumes.here(NAMED).getFirst().isUsable());
    assertEquals(
        List.of(
            new KnownPeer.RemoteVolume(
                made.id(), NAME, Role.OWNER, nodes.second.id, OptionalLong.of(1L << 30))),
        there().volumes().orElseThrow());
  }

  @Test
  void anotherLimitIsSetAndTakenAway() throws Exception {
    VolumeId id = nodes.first.create("default.db").id();

    moves.resize(id, OptionalLong.of(1L << 30));
    assertEquals(OptionalLong.of(1L << 30), volumes.here(NAMED).getFirst().maximumSizeBytes());

    moves.resize(id, OptionalLong.empty());
    assertEquals(OptionalLong.empty(), volumes.here(NAMED).getFirst().maximumSizeBytes());
  }

  @Test
  void whatIsKeptForAStartIsNotHandedOffMeanwhile() throws Exception {
    VolumeId id = nodes.first.create("default.db").id();
    try (VolumeLocks.Lease _ = moves.keep(id, "start of db")) {
      assertFails(OwnershipFailure.VOLUME_LOCKED, () -> moves.handOff(id, nodes.second.id, wanted));
    }
    moves.handOff(id, nodes.second.id, wanted);
  }

  @Test
  void nothingIsMadeThatSomebodyMayHave() {
    NodeId silent = NodeId.random();

    assertFails(
        OwnershipFailure.PEERS_UNANSWERED,
        () ->
            moves.create(
                new Change.CreateVolume(
                    new VolumeReference(NAME, Optional.empty()),
                    OptionalLong.empty(),
                    Optional.empty(),
                    new TreeMap<>(),
                    List.of(silent))));
  }

  @Test
  void aPeerThatDoesNotAnswerHasSaidNothing() {
    nodes.first.links.breaks("find", TransferFailure.PEER_UNREACHABLE.because("it is away"));
    KnownPeer away = there();
    assertFalse(away.isReachable());
    assertEquals(Optional.empty(), away.volumes());
    assertFalse(volumes.peers().getFirst().isReachable(), "as it was when it was asked last");

    nodes.first.links.heal();
    nodes.first.links.breaks("find", StorageFailure.POOL_UNAVAILABLE.because("its pool is away"));
    KnownPeer without = there();
    assertTrue(without.isReachable());
    assertEquals(Optional.empty(), without.volumes());
  }

  @Test
  void whatIsNotWantedAnyMoreEndsBeforeItsCommitAndIsFinishedAfterIt() throws Exception {
    VolumeId id = nodes.first.create("default.db").id();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("prepare answered")) {
        wanted.cancel();
      }
    });

    assertFails(TransferFailure.CANCELLED, () -> moves.handOff(id, nodes.second.id, wanted));
    assertOwner(nodes.first, id, 0);

    nodes.first.links.heal();
    Cancellation late = new Cancellation();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("acquire")) {
        late.cancel();
      }
    });
    moves.handOff(id, nodes.second.id, late);
    assertOwner(nodes.second, id, 1);
  }

  private KnownPeer there() {
    return volumes.ask(NAMED).getFirst();
  }
}
