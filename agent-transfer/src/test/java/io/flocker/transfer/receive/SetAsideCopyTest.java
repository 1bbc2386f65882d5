package io.flocker.transfer.receive;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.replicate.policy.ReplicationTerms;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.SetAsideAnswer;
import io.flocker.transfer.protocol.SetAsideRequest;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a copy that has changed by itself makes room for a new one, at its owner's word. */
@Timeout(120)
class SetAsideCopyTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private NodeId owner;
  private Volume copy;
  private VolumeId id;

  @BeforeEach
  void open() throws Exception {
    nodes.second.terms = terms(true, 1);
    owner = nodes.first.id;
    id = nodes.first.create("default.db").id();
    var _ = nodes.push(id);
    Snapshot _ = nodes.second.fake.snapshot(nodes.second.catalog.require(id).dataset().name(), "x");
    copy = nodes.second.catalog.require(id);
  }

  private static ReceiverFloor.Terms terms(boolean takesNew, int diverged) {
    return new ReceiverFloor.Terms(
        RetentionRules.ofLast(1), takesNew, OptionalLong.empty(), false, diverged);
  }

  private SetAsideRequest asSeen() {
    return new SetAsideRequest(owner, copy.epoch(), Optional.of(latestOfCopy()));
  }

  private Guid latestOfCopy() {
    return copy.dataset().latest().orElseThrow().guid();
  }

  private void assertStays(Failure expected, NodeId caller, SetAsideRequest request)
      throws Exception {
    assertFails(expected, () -> nodes.second.replicas.setAside(caller, id, request));
    assertEquals(copy, nodes.second.catalog.require(id));
    nodes.second.locks.own(id, "test").close();
  }

  @Test
  void itIsKeptUnderAnotherNameAndANewOneCanCome() throws Exception {
    SetAsideAnswer answer = nodes.second.replicas.setAside(owner, id, asSeen());

    assertTrue(answer.name().toString().contains(".diverged-"), answer::toString);
    Volume aside = nodes.second.catalog.require(answer.volume());
    assertEquals(copy.dataset().snapshots(), aside.dataset().snapshots());
    var _ = nodes.push(id);
    assertReplica(nodes.second, id, nodes.first, copy.epoch());
    assertEquals(latest(nodes.first, id).guid(), latest(nodes.second, id).guid());
  }

  @Test
  void noMoreAreKeptThanThisNodeAllows() throws Exception {
    var _ = nodes.second.replicas.setAside(owner, id, asSeen());
    var _ = nodes.push(id);
    copy = nodes.second.catalog.require(id);

    assertStays(TransferFailure.SET_ASIDE_REFUSED, owner, asSeen());
  }

  @Test
  void nothingMakesRoomForWhatWouldNotBeTaken() throws Exception {
    nodes.second.terms = terms(false, 1);

    assertStays(TransferFailure.NEW_VOLUME_REFUSED, owner, asSeen());
  }

  @Test
  void nobodyHasItSetAsideInItsOwnersName() throws Exception {
    assertStays(OwnershipFailure.FOREIGN_CLAIM, NodeId.random(), asSeen());
  }

  @Test
  void whoIsNotItsOwnerIsNotWaitedFor() throws Exception {
    NodeId other = NodeId.random();
    SetAsideRequest theirs = new SetAsideRequest(other, copy.epoch(), Optional.of(latestOfCopy()));

    try (VolumeLocks.Lease _ = nodes.second.locks.own(id, "who has it")) {
      assertFails(
          OwnershipFailure.NOT_OWNER, () -> nodes.second.replicas.setAside(other, id, theirs));
    }
    assertStays(OwnershipFailure.NOT_OWNER, other, theirs);
  }

  @Test
  void ownerOfAnotherTimeIsRefused() throws Exception {
    assertStays(
        OwnershipFailure.NOT_OWNER,
        owner,
        new SetAsideRequest(owner, copy.epoch() + 1, Optional.of(latestOfCopy())));
  }

  @Test
  void whatItsOwnerHasNotSeenStays() throws Exception {
    assertStays(
        TransferFailure.DIVERGED,
        owner,
        new SetAsideRequest(owner, copy.epoch(), Optional.of(latest(nodes.first, id).guid())));
    assertStays(
        TransferFailure.DIVERGED,
        owner,
        new SetAsideRequest(owner, copy.epoch(), Optional.empty()));
  }

  @Test
  void whatIsJustArrivingStays() {
    ReplicaService arriving =
        new ReplicaService(
            nodes.second.pool.storage,
            nodes.second.catalog,
            nodes.second.epochs,
            nodes.second.locks,
            _ -> Optional.of(UUID.randomUUID()),
            new ReplicationTerms(
                nodes.second.policies,
                () -> new ReceiverFloor(nodes.second.id, terms(true, 1), Map.of())),
            nodes.second.id);

    assertFails(TransferFailure.RECEIVE_IN_PROGRESS, () -> arriving.setAside(owner, id, asSeen()));
  }
}
