package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node answers to those who say too late, too early or falsely what a handoff says. */
@Timeout(300)
class HandoffRefusalIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @Test
  @DisplayName("An acquire that is repeated is well; one of an old epoch is stale")
  void takesARepeatedGrantAndRefusesADelayedOne() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.twice");
    NODES.first().handOff(volume.id(), NODES.second());
    AcquireRequest grant = granted(volume);

    assertEquals(1, acquire(grant, volume).succeed().path("epoch").asLong());
    Moves.requireOwner(NODES.second(), volume, 1);
    assertEquals(Map.of(), NODES.second().volume(volume.id()).metadata(), "a late repeat");
    acquire(with(grant, 1, UUID.randomUUID()), volume).fail(OwnershipFailure.STALE_EPOCH);
    acquire(with(grant, 0, grant.operation()), volume).fail(OwnershipFailure.STALE_EPOCH);

    NODES.second().handOff(volume.id(), NODES.first());
    acquire(grant, volume).fail(OwnershipFailure.STALE_EPOCH);
    Moves.requireReplica(NODES.second(), volume, NODES.first(), 2);
  }

  @Test
  void refusesToAcquireWhatWasNotReleasedToIt() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.unreleased");
    NODES.first().push(volume.id(), NODES.second());
    Guid latest = TestNode.latest(NODES.second().volume(volume.id())).guid();
    AcquireRequest grant = grant(volume, NODES.second().id(), 1, latest);

    acquire(grant(volume, NODES.first().id(), 1, latest), volume)
        .fail(OwnershipFailure.NOT_RELEASED);
    acquire(with(grant, 2, grant.operation()), volume).fail(OwnershipFailure.NOT_RELEASED);
    acquire(grant(volume, NODES.second().id(), 1, new Guid(7)), volume)
        .fail(OwnershipFailure.NOT_RELEASED);

    Moves.requireReplica(NODES.second(), volume, NODES.first(), 0);
  }

  @Test
  void refusesTheGrantOfANodeThatIsNotTheOwner() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.stolen");
    NODES.first().push(volume.id(), NODES.second());
    Guid latest = TestNode.latest(NODES.second().volume(volume.id())).guid();

    NODES
        .peerNode()
        .post(
            NODES.second(), path(volume, "acquire"), grant(volume, NODES.second().id(), 1, latest))
        .fail(OwnershipFailure.FOREIGN_CLAIM);

    Moves.requireReplica(NODES.second(), volume, NODES.first(), 0);
  }

  @Test
  void refusesAStreamOfAnEpochThatIsOver() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.over");
    NODES.first().handOff(volume.id(), NODES.second());

    announce(NODES.first(), NODES.second(), volume, 0).fail(OwnershipFailure.STALE_EPOCH);

    Moves.requireOwner(NODES.second(), volume, 1);
  }

  @Test
  void refusesAStreamIntoWhatItOwns() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.owned");
    NODES.first().push(volume.id(), NODES.second());

    announce(NODES.second(), NODES.first(), volume, 1).fail(OwnershipFailure.OWNED_HERE);

    Moves.requireOwner(NODES.first(), volume, 0);
  }

  @Test
  void believesNoOtherOwnerOfTheSameEpoch() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.contested");
    NODES.first().push(volume.id(), NODES.second());

    announce(NODES.second(), NODES.first(), volume, 0).fail(OwnershipFailure.CONTESTED);

    Moves.requireOwner(NODES.first(), volume, 0);
  }

  @Test
  void saysBeforehandWhatItHasNoRoomFor() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.huge");
    PrepareRequest request =
        new PrepareRequest(
            volume.name(),
            NODES.first().id(),
            0,
            UUID.randomUUID(),
            Long.MAX_VALUE / 2,
            Optional.empty());

    as(NODES.first())
        .post(NODES.second(), path(volume, "prepare"), request)
        .fail(StorageFailure.NO_SPACE);
    NODES
        .peerNode()
        .post(NODES.second(), path(volume, "prepare"), request)
        .fail(OwnershipFailure.FOREIGN_CLAIM);
  }

  private static CertifiedCaller as(TestNode node) {
    return new CertifiedCaller(node.credentials());
  }

  private static Reply acquire(AcquireRequest grant, VolumeDocument volume) throws Exception {
    return as(NODES.first()).post(NODES.second(), path(volume, "acquire"), grant);
  }

  private static String path(VolumeDocument volume, String verb) {
    return "/node/v1/volumes/" + volume.id() + "/" + verb;
  }

  /** The grant by which the second node has what it now owns. */
  private static AcquireRequest granted(VolumeDocument volume) throws Exception {
    OwnershipRecord record = Moves.record(NODES.second(), volume.id());
    return new AcquireRequest(
        volume.name(),
        NODES.first().id(),
        record.node(),
        record.epoch(),
        record.operation(),
        record.finalSnapshot(),
        Map.of(),
        Optional.of(Map.of("late", "repeat")),
        Optional.of(Map.of("refquota", "1048576")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static AcquireRequest grant(
      VolumeDocument volume, NodeId owner, long epoch, Guid finalSnapshot) {
    return UnsignedGrant.of(volume.name(), NODES.first().id(), owner, epoch, finalSnapshot);
  }

  private static AcquireRequest with(AcquireRequest grant, long epoch, UUID operation) {
    return new AcquireRequest(
        grant.name(),
        grant.releasedBy(),
        grant.owner(),
        epoch,
        operation,
        grant.finalSnapshot(),
        grant.cursors(),
        grant.metadata(),
        grant.properties(),
        grant.grants(),
        grant.confirmed(),
        Optional.empty(),
        Optional.empty());
  }

  /** A node says that it owns the volume, and would send what is its latest already. */
  private static Reply announce(TestNode from, TestNode to, VolumeDocument volume, long epoch)
      throws Exception {
    SnapshotDocument latest = TestNode.latest(from.volume(volume.id()));
    TransferPlan plan =
        new TransferPlan(
            UUID.randomUUID(),
            volume.id(),
            volume.name(),
            from.id(),
            epoch,
            UUID.randomUUID(),
            StreamKind.INCREMENTAL,
            Optional.of(latest.guid()),
            List.of(new SnapshotReference("manual", new Guid(5))),
            new SendFlags(false, false, false, false),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Map.of(),
            Optional.empty(),
            List.of());
    return as(from).post(to, "/node/v1/transfers", plan);
  }
}
