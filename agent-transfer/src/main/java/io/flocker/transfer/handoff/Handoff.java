package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.SnapshotPurpose;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.transfer.protocol.AcquireAnswer;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.PrepareRequest;
import io.flocker.transfer.push.Push;
import io.flocker.transfer.push.PushForecast;
import io.flocker.transfer.push.PushResult;
import io.flocker.transfer.push.SentStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives a volume to a peer. Blocking; any thread may call.
 *
 * <p>Prepare, push beside the running users, quiesce, final snapshot, push that, release, have it
 * acquired. Up to the release any failure gives the volume back to its users here; the release is
 * the commit, and after it the volume is the peer's, who may only be slow to take it.
 */
public final class Handoff {
  private final NodeId self;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final LocalNode home;
  private final PeerVolumes peers;
  private final Push push;
  private final Quiesce quiesce;
  private final Release release;
  private final GrantDelivery delivery;
  private final VolumeMounter mounter;
  private final Clearance clearance;
  private final GrantKeeper grants;

  /** Hands off the volumes of {@code node}. */
  public Handoff(
      NodeVolumes node, PeerVolumes peers, Push push, GrantDelivery delivery, VolumeUsers users) {
    this.self = node.self();
    this.catalog = node.catalog();
    this.locks = node.locks();
    this.home = node.home();
    this.peers = peers;
    this.push = push;
    this.quiesce = new Quiesce(node.storage(), node.catalog(), users, node.mounter());
    this.release = delivery.release();
    this.delivery = delivery;
    this.mounter = node.mounter();
    this.clearance = node.clearance();
    this.grants = node.memory().grants();
  }

  /**
   * Hands the volume off.
   *
   * @param history what a peer without a copy is given
   * @param condition has to hold once nobody else can change the volume
   */
  public HandoffResult run(
      VolumeId id,
      NodeId peer,
      InitialReplication history,
      Condition condition,
      OperationContext context)
      throws Exception {
    return run(id, peer, history, condition, context, false);
  }

  /**
   * Hands a volume off whose users have been ended for it: nothing is sent before it is taken away,
   * since nobody could go on meanwhile.
   */
  public HandoffResult runAtRest(
      VolumeId id, NodeId peer, InitialReplication history, OperationContext context)
      throws Exception {
    return run(id, peer, history, Condition.NONE, context, true);
  }

  private HandoffResult run(
      VolumeId id,
      NodeId peer,
      InitialReplication history,
      Condition condition,
      OperationContext context,
      boolean isAtRest)
      throws Exception {
    Action action =
        Action.start(ActionType.HANDOFF, Map.of("volume", id.toString(), "peer", peer.toString()));
    return action.call(() -> {
      try (VolumeLocks.Lease lease = locks.own(id, "handoff " + context.id())) {
        Volume volume = requireWhole(id, peer);
        condition.check(volume);
        requireConfirmed(volume);
        context.phase("preparing");
        prepare(volume, peer, context);
        List<SentStream> first =
            isAtRest ? List.of() : pushBeside(volume, peer, history, context).streams();
        return handOff(volume, peer, history, first, context, lease);
      }
    });
  }

  /** An unmounted volume is mounted for its final snapshot, which peers confirm as at a start. */
  private void requireConfirmed(Volume volume) throws FailureException {
    Optional<String> objection =
        volume.dataset().isMounted() ? Optional.empty() : clearance.objection(volume);
    if (objection.isPresent()) {
      throw OwnershipFailure.PEERS_UNANSWERED.because(
          "volume " + volume.name() + " is not mounted yet: " + objection.get());
    }
  }

  /**
   * What would be sent first, once the peer has said that it could own the volume; changes nothing.
   */
  public PushForecast plan(VolumeId id, NodeId peer, InitialReplication history)
      throws FailureException {
    Volume volume = requireWhole(id, peer);
    peers.prepare(peer, id, request(volume, UUID.randomUUID()));
    return push.forecast(id, peer, true, history);
  }

  /**
   * Goes on with a handoff that the daemon's end cut short: forward where the volume was given
   * away, as its record says.
   *
   * @throws FailureException {@code INTERRUPTED} where it was not
   */
  public HandoffResult complete(VolumeId id, NodeId peer, OperationContext context)
      throws Exception {
    Action action =
        Action.start(ActionType.HANDOFF, Map.of("volume", id.toString(), "peer", peer.toString()));
    return action.call(() -> {
      delivery.unsettled().settle(id);
      try (VolumeLocks.Lease _ = locks.own(id, "handoff " + context.id())) {
        Volume volume = catalog.require(id);
        OwnershipRecord record = requireGivenAway(volume, peer, context);
        context.pastCommit();
        context.phase("acquiring");
        Optional<String> mountpoint =
            record.state() == OwnershipState.RELEASED
                ? Optional.of(delivery.untilAcquired(volume.name(), record).mountpoint())
                : Optional.empty();
        return new HandoffResult(
            peer, record.epoch(), record.finalSnapshot(), mountpoint, List.of());
      }
    });
  }

  private Volume requireWhole(VolumeId id, NodeId peer) throws FailureException {
    if (peer.equals(self)) {
      throw OwnershipFailure.OWNED_HERE.because("node " + peer + " owns volume " + id + " already");
    }
    Volume volume = catalog.requireOwned(id);
    volume.requireChildless("would not travel with it");
    return volume;
  }

  private void prepare(Volume volume, NodeId peer, OperationContext context) throws Exception {
    PrepareRequest request = request(volume, context.id());
    Action.start(ActionType.HANDOFF_PREPARE, Map.of("peer", peer.toString()))
        .call(() -> {
          return CancellableWait.of(
              context,
              () -> {
                peers.prepare(peer, volume.id(), request);
                return true;
              });
        });
  }

  private PrepareRequest request(Volume volume, UUID operation) throws FailureException {
    return new PrepareRequest(
        volume.name(),
        self,
        volume.epoch(),
        operation,
        volume.dataset().referencedBytes(),
        Optional.of(GrantDocument.of(grants.upTo(volume.id(), volume.epoch()))));
  }

  /** Sends what is there while its users go on. */
  private PushResult pushBeside(
      Volume volume, NodeId peer, InitialReplication history, OperationContext context)
      throws Exception {
    String name = SnapshotName.fresh(SnapshotPurpose.PUSH).toString();
    Volume present = catalog.snapshots().takeOfOwned(volume, name);
    PushResult result = push.send(present, peer, history, 0, context);
    recheckFirstCopy(result, volume, peer, context);
    return result;
  }

  private HandoffResult handOff(
      Volume volume,
      NodeId peer,
      InitialReplication history,
      List<SentStream> first,
      OperationContext context,
      VolumeLocks.Lease lease)
      throws Exception {
    Path mountpoint = mountpoint(volume);
    context.phase("quiescing");
    OwnershipRecord released;
    List<SentStream> streams = new ArrayList<>(first);
    long bytesBefore = first.stream().mapToLong(SentStream::bytes).sum();
    try {
      quiesce.run(volume, mountpoint);
      PushResult last = pushFinal(volume, peer, history, bytesBefore, context);
      streams.addAll(last.streams());
      context.pastCommit();
      released = release.commit(volume, peer, context.id(), last.latest());
    } catch (Release.UndecidedException e) {
      FailureException unsettled = delivery.unsettled().keep(volume, lease, e);
      mounter.want(volume.id(), unsettled.detail()); // Where it comes back, by whoever's decision.
      throw unsettled;
    } catch (FailureException e) {
      List<String> left = undo(volume, mountpoint, e);
      throw left.isEmpty() ? e : e.with(FailureException.NOT_UNDONE, left);
    } catch (Exception | Error e) {
      List<String> _ = undo(volume, mountpoint, e);
      throw e;
    }
    context.phase("acquiring");
    AcquireAnswer answer = delivery.untilAcquired(volume.name(), released);
    return new HandoffResult(
        answer.owner(),
        answer.epoch(),
        released.finalSnapshot(),
        Optional.of(answer.mountpoint()),
        streams);
  }

  /** Where it is mounted: still the old place if it was renamed in use; else where it belongs. */
  private Path mountpoint(Volume volume) {
    return volume
        .dataset()
        .mountpoint()
        .filter(_ -> volume.dataset().isMounted())
        .orElseGet(() -> home.mountpoint(volume.name()));
  }

  private OwnershipRecord requireGivenAway(Volume volume, NodeId peer, OperationContext context)
      throws FailureException {
    return volume
        .dataset()
        .record()
        .filter(record -> record.operation().equals(context.id()) && record.node().equals(peer))
        .orElseThrow(() ->
            TransferFailure.INTERRUPTED.because(
                "the daemon ended before handoff "
                    + context.id()
                    + " gave volume "
                    + volume.id()
                    + " away, which belongs to node "
                    + volume.owner()));
  }

  private PushResult pushFinal(
      Volume volume,
      NodeId peer,
      InitialReplication history,
      long bytesBefore,
      OperationContext context)
      throws Exception {
    String name = SnapshotName.fresh(SnapshotPurpose.HANDOFF).toString();
    Volume frozen = catalog.snapshots().takeOfOwned(volume, name);
    Snapshot last = frozen.requireSnapshot(name);
    PushResult result = push.send(frozen, peer, history, bytesBefore, context);
    Optional<Guid> there = CancellableWait.of(context, () -> latest(peer, frozen));
    if (!there.equals(Optional.of(last.guid()))) {
      throw TransferFailure.WRONG_GUID.because(
          "the peer's latest snapshot is "
              + there.map(Guid::toString).orElse("none")
              + ", not the final "
              + last.guid());
    }
    recheckFirstCopy(result, volume, peer, context);
    return new PushResult(peer, last.guid(), result.streams());
  }

  /** Asks once more after a first copy: only now can the peer tell whether it could read it. */
  private void recheckFirstCopy(
      PushResult result, Volume volume, NodeId peer, OperationContext context) throws Exception {
    if (result.streams().stream().anyMatch(stream -> stream.from().isEmpty())) {
      prepare(volume, peer, context);
    }
  }

  private Optional<Guid> latest(NodeId peer, Volume volume) throws FailureException {
    List<Snapshot> there = peers.view(peer, volume).snapshots();
    return there.isEmpty() ? Optional.empty() : Optional.of(there.getLast().guid());
  }

  /** Tells what could not be undone: it is offline then, until it can be mounted. */
  private List<String> undo(Volume volume, Path mountpoint, Throwable why) {
    try {
      quiesce.undo(volume, mountpoint);
      return List.of();
    } catch (FailureException | RuntimeException e) {
      Action.traceback(e);
      why.addSuppressed(e);
      return List.of(volume.name() + " is not mounted, which is tried again: " + e.getMessage());
    }
  }
}
