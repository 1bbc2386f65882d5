package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Address;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.storage.Dataset;
import io.flocker.core.volume.MountFolder;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.ownership.OwnershipEvent;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.AcquireAnswer;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class AcquisitionTest {
  private static final VolumeName NAME = VolumeName.parse("default.db");

  private final Instant now = Instant.now();
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;
  private Path mountpoint;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create(NAME.toString()).id();
    mountpoint = nodes.second.home.mountpoint(NAME);
  }

  @Test
  void preparesWithoutChangingAnything() throws Exception {
    prepare(0);
    var _ = nodes.push(volume);
    List<String> before = nodes.second.fake.changes();

    prepare(Long.MAX_VALUE); // What it has already takes no more room.

    assertEquals(before, nodes.second.fake.changes());
    assertFalse(Files.exists(mountpoint.getParent()));
    Files.createDirectories(mountpoint.getParent());
    prepare(0);
    try (Stream<Path> there = Files.list(mountpoint.getParent())) {
      assertEquals(List.of(), there.toList());
    }
  }

  @Test
  @DisplayName("a disk that has no room for the mountpoint is told of before the volume is away")
  void refusesToPrepareWhereNoFolderCanBeMade() throws Exception {
    Path mounts = Files.writeString(nodes.second.home.mountRoot(), "as if the disk was full");

    FailureException refusal =
        assertFails(StorageFailure.MOUNTPOINT_UNUSABLE, () -> nodes.handOff(volume));

    assertEquals(nodes.second.id, refusal.members().get("node"));
    assertEquals(mountpoint.toString(), refusal.members().get("mountpoint"));
    assertOwner(nodes.first, volume, 0);
    assertFalse(nodes.first.links.said().contains("announce"));
    Files.delete(mounts);
    var _ = nodes.handOff(volume);
    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void aHandoffGoesOnByItselfWhenTheDiskBelowTheMountpointHasRoomAgain() throws Exception {
    AtomicInteger full = new AtomicInteger(2);
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("mountWritable") && full.getAndDecrement() > 0) {
        throw MountFolder.unusable(mountpoint, "no folder", new IOException("No space left"));
      }
    });

    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  @Test
  void neverMountsOverWhatIsThereNowAndGoesOnWhenItIsGone() throws Exception {
    var _ = nodes.push(volume);
    AcquireRequest grant = released(latest(nodes.second, volume).guid());
    Files.createDirectories(mountpoint);
    Path stray = Files.writeString(mountpoint.resolve("stray"), "somebody's");

    refuses(OwnershipFailure.MOUNTPOINT_OCCUPIED, nodes.first.id, grant);

    assertFalse(nodes.second.catalog.require(volume).dataset().isMounted());
    assertTrue(Files.exists(stray));
    Files.delete(stray);
    var _ = nodes.second.acquisition.acquire(nodes.first.id, volume, grant);
    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void whoHasNothingToGiveDoesNotEvenWaitForTheVolumesTurn() throws Exception {
    var _ = nodes.push(volume);
    AcquireRequest grant = released(latest(nodes.second, volume).guid());
    NodeId liar = NodeId.random();

    try (VolumeLocks.Lease _ = nodes.second.locks.own(volume, "who has it")) {
      refuses(OwnershipFailure.NOT_RELEASED, liar, with(grant, liar));
      refuses(OwnershipFailure.VOLUME_LOCKED, nodes.first.id, grant);
    }
  }

  @Test
  @DisplayName("47 a folder that holds something is told of before anything is given away")
  void refusesToPrepareWhereTheMountpointIsOccupied() throws Exception {
    Files.createDirectories(mountpoint);
    prepare(0);
    Path stray = Files.writeString(mountpoint.resolve("stray"), "somebody's");

    FailureException refusal =
        assertFails(OwnershipFailure.MOUNTPOINT_OCCUPIED, () -> nodes.handOff(volume));

    assertTrue(refusal.detail().contains(mountpoint.toString()), refusal.detail());
    assertTrue(refusal.detail().contains("stray"), refusal.detail());
    assertTrue(refusal.detail().contains(nodes.second.id.toString()), refusal.detail());
    assertEquals(nodes.second.id, refusal.members().get("node"));
    assertEquals(mountpoint.toString(), refusal.members().get("mountpoint"));
    assertOwner(nodes.first, volume, 0);
    assertFalse(nodes.first.links.said().contains("announce"));
    Files.delete(stray);
    var _ = nodes.handOff(volume);
    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void refusesToPrepareWhereTheMountpointIsNoFolderOrAMount() throws Exception {
    Files.createDirectories(mountpoint.getParent());
    Files.writeString(mountpoint, "a file");
    assertFails(OwnershipFailure.MOUNTPOINT_OCCUPIED, () -> prepare(0));
    Files.delete(mountpoint);
    Files.createSymbolicLink(mountpoint, nodes.folder.resolve("nowhere"));
    assertFails(OwnershipFailure.MOUNTPOINT_OCCUPIED, () -> prepare(0));

    assertFails(
        OwnershipFailure.MOUNTPOINT_OCCUPIED,
        () -> MountFolder.requireFree(nodes.second.id, Path.of("/proc")));
  }

  @Test
  void theFolderOfAVolumeThatLeftGoesUnlessSomebodyKeepsSomethingThere() throws Exception {
    Path here = nodes.first.home.mountpoint(NAME);
    var _ = nodes.handOff(volume);
    assertFalse(Files.exists(here));

    Files.createDirectories(here);
    Path kept = Files.writeString(here.resolve("kept"), "x");
    assertFalse(MountFolder.removeIfEmpty(here));
    assertTrue(Files.exists(kept));
  }

  @Test
  void refusesToPrepareWhatItHasNoRoomFor() throws Exception {
    nodes.second.fake.markPool(nodes.second.id);
    long free = nodes.second.fake.pool().freeBytes();
    prepare(free);

    FailureException refusal = assertFails(StorageFailure.NO_SPACE, () -> prepare(free + 1));

    assertEquals(free, refusal.members().get("freeBytes"));
    assertEquals(free + 1, refusal.members().get("neededBytes"));
    assertEquals(nodes.second.id, refusal.members().get("node"));
    assertTrue(refusal.detail().contains(nodes.second.id.toString()), refusal.detail());
  }

  @Test
  void refusesToPrepareForSomebodyElseOrUnderANamesakesName() throws Exception {
    PrepareRequest request =
        new PrepareRequest(NAME, nodes.first.id, 0, UUID.randomUUID(), 0, Optional.empty());
    assertFails(
        OwnershipFailure.FOREIGN_CLAIM,
        () -> nodes.second.acquisition.prepare(NodeId.random(), volume, request));
    var _ = nodes.second.create(NAME.toString());
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> prepare(0));
  }

  @Test
  void takesExactlyWhatWasReleasedToIt() throws Exception {
    var _ = nodes.push(volume);
    Guid last = latest(nodes.second, volume).guid();
    NodeId self = nodes.second.id;

    refuses(OwnershipFailure.FOREIGN_CLAIM, NodeId.random(), grant(self, 1, last));
    refuses(OwnershipFailure.NOT_RELEASED, nodes.first.id, grant(NodeId.random(), 1, last));
    refuses(OwnershipFailure.STALE_EPOCH, nodes.first.id, grant(self, 0, last));
    refuses(OwnershipFailure.NOT_RELEASED, nodes.first.id, grant(self, 2, last));
    refuses(OwnershipFailure.NOT_RELEASED, nodes.first.id, grant(self, 1, new Guid(7)));
    AcquireRequest byAnother = with(grant(self, 1, last), NodeId.random());
    refuses(OwnershipFailure.NOT_RELEASED, byAnother.releasedBy(), byAnother);
    assertReplica(nodes.second, volume, nodes.first, 0);
    assertEquals(Map.of(), nodes.second.cursors.of(volume));

    AcquireAnswer answer = nodes.second.acquisition.acquire(nodes.first.id, volume, released(last));

    assertEquals(new AcquireAnswer(self, 1, mountpoint.toString()), answer);
    assertOwner(nodes.second, volume, 1);
    assertEquals(Map.of(nodes.first.id, last), nodes.second.cursors.of(volume));
  }

  @Test
  void whatTheVolumeIsSetToComesWithTheGrant() throws Exception {
    var _ = nodes.push(volume);
    Guid last = latest(nodes.second, volume).guid();
    AcquireRequest bare = released(last);

    var _ =
        nodes.second.acquisition.acquire(
            nodes.first.id,
            volume,
            new AcquireRequest(
                bare.name(),
                bare.releasedBy(),
                bare.owner(),
                bare.epoch(),
                bare.operation(),
                bare.finalSnapshot(),
                bare.cursors(),
                bare.metadata(),
                Optional.of(Map.of("refquota", "100", "compression", "gzip")),
                Optional.empty(),
                bare.confirmed(),
                Optional.empty(),
                Optional.empty()));

    Dataset owned = nodes.second.catalog.require(volume).dataset();
    assertEquals(100, owned.quotaBytes());
    assertFalse(owned.isSealed());
    assertEquals(Map.of("compression", "gzip"), owned.settings());
  }

  @Test
  void whatTheOwnerSignedHasToBeThisVeryHandoff() throws Exception {
    var _ = nodes.push(volume);
    Guid last = latest(nodes.second, volume).guid();
    NodeId owner = nodes.first.id;
    NodeId self = nodes.second.id;
    AcquireRequest bare = grant(self, 1, last);
    List<SignedGrant> lies =
        List.of(
            signed(owner, new Grant(volume, 1, owner, self, UUID.randomUUID(), last, now)),
            signed(owner, new Grant(volume, 1, owner, self, bare.operation(), new Guid(7), now)),
            signed(owner, new Grant(volume, 1, owner, owner, bare.operation(), last, now)),
            signed(owner, new Grant(volume, 2, owner, self, bare.operation(), last, now)),
            signed(self, new Grant(volume, 1, owner, self, bare.operation(), last, now)));
    for (SignedGrant lie : lies) {
      refuses(OwnershipFailure.NOT_GRANTED, owner, showing(bare, lie));
    }
    assertReplica(nodes.second, volume, nodes.first, 0);

    Grant right = new Grant(volume, 1, owner, self, bare.operation(), last, now);
    var _ = nodes.second.acquisition.acquire(owner, volume, showing(bare, signed(owner, right)));
    assertEquals(
        List.of(right),
        nodes.second.parts.memory().grants().upTo(volume, 1).grants().stream()
            .map(SignedGrant::grant)
            .toList());
  }

  private static SignedGrant signed(NodeId signer, Grant grant) {
    return SignedGrant.by(TestCredentials.of(signer), grant);
  }

  private static AcquireRequest showing(AcquireRequest bare, SignedGrant shown) {
    return new AcquireRequest(
        bare.name(),
        bare.releasedBy(),
        bare.owner(),
        bare.epoch(),
        bare.operation(),
        bare.finalSnapshot(),
        bare.cursors(),
        bare.metadata(),
        bare.properties(),
        Optional.of(GrantDocument.of(new GrantChain(List.of(shown)))),
        bare.confirmed(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aRepeatFinishesWhatTheFirstOneBeganAndUndoesNothing() throws Exception {
    var _ = nodes.push(volume);
    Guid last = latest(nodes.second, volume).guid();
    AcquireRequest grant = released(last);
    nodes.second.pool.breaks("mountWritable", StorageFailure.ZFS_FAILED.because("no"));
    refuses(StorageFailure.ZFS_FAILED, nodes.first.id, grant);
    nodes.heal();

    var _ = nodes.second.acquisition.acquire(nodes.first.id, volume, grant);

    assertOwner(nodes.second, volume, 1);
    Guid moved = new Guid(99);
    var _ = nodes.second.cursors.move(volume, nodes.first.id, moved);
    var _ = nodes.second.acquisition.acquire(nodes.first.id, volume, grant);
    assertEquals(Map.of(nodes.first.id, moved), nodes.second.cursors.of(volume), "a late repeat");
    refuses(OwnershipFailure.STALE_EPOCH, nodes.first.id, grant(nodes.second.id, 1, last));
    nodes.second.locks.own(volume, "test").close();
  }

  @Test
  void isMountedOnceAPeerThatMayTakeOverHasAnswered() throws Exception {
    boolean _ =
        nodes.second.peers.put(
            new Peer(nodes.first.id, List.of(Address.parse("localhost:1")), Takeover.MANUAL));
    var _ = nodes.push(volume);
    AcquireRequest grant = released(latest(nodes.second, volume).guid());
    nodes.second.links.breaks("confirm", TransferFailure.PEER_UNREACHABLE.because("refused"));

    var _ = nodes.second.acquisition.acquire(nodes.first.id, volume, grant);

    assertFalse(nodes.second.catalog.require(volume).dataset().isMounted());
    assertEquals(Set.of(volume), nodes.second.mounter.failed().keySet());
    nodes.second.links.heal();
    nodes.second.confirmer.answered(nodes.first.id);
    while (nodes.second.mounter.mountWanted()) {
      TimeUnit.MILLISECONDS.sleep(10); // What was asked is answered beside.
    }
    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void isNotMountedBesideANamesakeOfItsOwn() throws Exception {
    var _ = nodes.second.create(NAME.toString());
    var _ = nodes.push(volume);
    Guid last = latest(nodes.second, volume).guid();

    refuses(OwnershipFailure.VOLUME_EXISTS, nodes.first.id, grant(nodes.second.id, 1, last));

    assertFalse(nodes.second.catalog.require(volume).dataset().isMounted());
  }

  @Test
  void hasTheVolumeAlone() throws Exception {
    var _ = nodes.push(volume);
    AcquireRequest grant = grant(nodes.second.id, 1, latest(nodes.second, volume).guid());
    try (var _ = nodes.second.locks.share(volume, "somebody")) {
      refuses(OwnershipFailure.VOLUME_LOCKED, nodes.first.id, grant);
    }
  }

  @Test
  void keepsWhatUsersWroteAboutTheVolume() throws Exception {
    nodes.first.register.describe(volume, Map.of("team", "web"));

    var _ = nodes.handOff(volume);

    assertEquals(Map.of("team", "web"), nodes.second.register.metadata(volume));
  }

  private void refuses(Failure expected, NodeId caller, AcquireRequest grant) {
    assertFails(expected, () -> nodes.second.acquisition.acquire(caller, volume, grant));
  }

  private void prepare(long usedBytes) throws FailureException {
    nodes.second.acquisition.prepare(
        nodes.first.id,
        volume,
        new PrepareRequest(
            NAME, nodes.first.id, 0, UUID.randomUUID(), usedBytes, Optional.empty()));
  }

  /** What the owner grants that has given the volume away. */
  private AcquireRequest released(Guid finalSnapshot) throws FailureException {
    AcquireRequest grant = grant(nodes.second.id, 1, finalSnapshot);
    Dataset here = nodes.first.catalog.require(volume).dataset();
    nodes.first.fake.unmount(here.name());
    var _ =
        nodes
            .first
            .catalog
            .records()
            .apply(
                here,
                new OwnershipEvent.Released(
                    grant.owner(), grant.operation(), grant.finalSnapshot()));
    return grant;
  }

  private AcquireRequest grant(NodeId owner, long epoch, Guid finalSnapshot) {
    return new AcquireRequest(
        NAME,
        nodes.first.id,
        owner,
        epoch,
        UUID.randomUUID(),
        finalSnapshot,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static AcquireRequest with(AcquireRequest grant, NodeId releasedBy) {
    return new AcquireRequest(
        grant.name(),
        releasedBy,
        grant.owner(),
        grant.epoch(),
        grant.operation(),
        grant.finalSnapshot(),
        grant.cursors(),
        grant.metadata(),
        grant.properties(),
        grant.grants(),
        grant.confirmed(),
        Optional.empty(),
        Optional.empty());
  }
}
