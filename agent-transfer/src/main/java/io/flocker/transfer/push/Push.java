package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.Wait;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.replicate.Arrival;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.SnapshotNeed;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.SnapshotPurpose;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.SetAsideAnswer;
import io.flocker.transfer.protocol.SetAsideRequest;
import io.flocker.transfer.protocol.VolumeView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Makes a peer hold what this node holds of a volume that it owns. Blocking; any thread may call.
 */
public final class Push {
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final PeerVolumes peers;
  private final PeerCopies copies;
  private final PushPlanner planner;
  private final ChainSender sender;
  private final SnapshotRetention retention;
  private final SnapshotHooks hooks;
  private final SnapshotTurns turns = new SnapshotTurns();

  /**
   * Pushes the volumes of {@code node}.
   *
   * @param hooks run what policies name around each snapshot
   * @param policies say how streams are made
   */
  public Push(
      NodeVolumes node,
      PeerVolumes peers,
      OutgoingStream stream,
      SnapshotRetention retention,
      SnapshotHooks hooks,
      Policies policies) {
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.locks = node.locks();
    this.peers = peers;
    this.copies = new PeerCopies(peers);
    this.planner = new PushPlanner(node, policies, retention);
    this.sender = new ChainSender(node, copies, planner, stream, retention);
    this.retention = retention;
    this.hooks = hooks;
  }

  /**
   * Tells {@code listener} of each copy that begins with a full stream, once the peer has accepted
   * that, whoever asked for the push. It must not block.
   */
  public void onBegunAnew(Consumer<Copy> listener) {
    sender.onBegunAnew(listener);
  }

  /**
   * Pushes, beside other pushes of the same volume.
   *
   * @param takesSnapshot whether to send what is there now, and not only what was snapshotted
   * @param history what a peer without a copy is given
   * @param condition has to hold once the volume is taken
   */
  public PushResult run(
      VolumeId id,
      NodeId peer,
      boolean takesSnapshot,
      InitialReplication history,
      Condition condition,
      OperationContext context)
      throws Exception {
    Action action =
        Action.start(ActionType.PUSH, Map.of("volume", id.toString(), "peer", peer.toString()));
    return action.call(() -> {
      try (VolumeLocks.Lease _ = locks.share(id, "push " + context.id())) {
        Volume listed = planner.requireOwned(id, peer);
        condition.check(listed);
        context.phase("planning");
        CutReceive cut = CutReceive.of(locks, id, replicationTo(peer));
        Callable<VolumeView> look = () -> copies.view(peer, listed, context);
        VolumeView there = cut.outwait(look, look);
        Volume volume =
            takesSnapshot ? takeSnapshot(listed, peer, there, history, context) : listed;
        return cut.outwait(
            () -> sender.send(volume, peer, there, history, 0, FanOut.alone(), context),
            // What was cut may have brought something, or left something to be resumed.
            () -> sender.send(volume, peer, look.call(), history, 0, FanOut.alone(), context));
      }
    });
  }

  /**
   * Does the same of the daemon's own accord: gives way to whoever wants the volume alone.
   *
   * @param need says whether to send what is there now, and not only what was snapshotted
   * @param history what a peer without a copy is given
   * @param leave has the context's owner cancel; does not wait
   * @param fanOut who is sent to at the same time, and leaves at the end of this
   * @return what the peer is proven to have last
   */
  public Arrival replicate(
      Copy copy,
      SnapshotNeed need,
      InitialReplication history,
      Runnable leave,
      FanOut fanOut,
      OperationContext context)
      throws Exception {
    NodeId peer = copy.peer();
    Action action =
        Action.startTask(
            ActionType.PUSH, Map.of("volume", copy.volume().toString(), "peer", peer.toString()));
    return action.call(() -> {
      try (VolumeLocks.Lease _ = locks.shareYielding(copy.volume(), replicationTo(peer), leave)) {
        SnapshotTurns.Turn turn = turns.of(copy.volume());
        context.waitsFor(Wait.LISTING);
        int before = turn.taken();
        Volume listed = planner.requireOwned(copy.volume(), peer);
        context.phase("planning");
        context.waitsFor(Wait.ASKING);
        VolumeView there = copies.view(peer, listed, context);
        context.waitsFor(Wait.LISTING);
        Volume volume =
            turn.call(() -> {
              // What another push took meanwhile is not taken again, and is to be sent here too.
              Volume now =
                  turn.taken() == before ? listed : planner.requireOwned(copy.volume(), peer);
              Dataset dataset = now.dataset();
              if (!dataset.snapshots().isEmpty()
                  && !need.isNewOneDue(guid -> dataset.snapshot(guid).isPresent())) {
                return now;
              }
              context.waitsFor(Wait.SNAPSHOT);
              Volume with = takeSnapshot(now, peer, there, history, context);
              context.waitsFor(Wait.PLANNING);
              need.taken(newest(with).guid(), with.dataset().referencedBytes());
              turn.took();
              return with;
            });
        Guid latest = sender.send(volume, peer, there, history, 0, fanOut, context).latest();
        Optional<Snapshot> proven = volume.dataset().snapshot(latest);
        if (proven.isPresent() && proven.get().createtxg() < newest(volume).createtxg()) {
          // Found where all was planned anew: the peer has all that is left, yet not what was due.
          throw TransferFailure.SENDER_FAILED.because(
              "the snapshot that was to be sent was destroyed meanwhile: " + newest(volume).name());
        }
        return new Arrival(
            latest,
            proven.map(Snapshot::name).orElse(""),
            proven.map(Snapshot::creation).orElseGet(Instant::now),
            Instant.now().truncatedTo(ChronoUnit.MILLIS));
      } finally {
        fanOut.leave(peer);
      }
    });
  }

  /**
   * Has a peer set its copy aside, if that has changed by itself: the next push begins a new one.
   *
   * @param cause as a push failed; thrown again where a look shows that the copy can follow
   * @param leave as of {@link #replicate}
   * @throws FailureException also why the peer does not
   */
  public SetAsideAnswer rotate(
      Copy copy, FailureException cause, Runnable leave, OperationContext context)
      throws FailureException {
    NodeId peer = copy.peer();
    try (VolumeLocks.Lease _ = locks.shareYielding(copy.volume(), replicationTo(peer), leave)) {
      Volume listed = planner.requireOwned(copy.volume(), peer);
      context.waitsFor(Wait.ASKING);
      VolumeView there = copies.view(peer, listed, context);
      PlannedPush planned = planner.planAtLeastAsNew(listed, peer, there, InitialReplication.ALL);
      Volume volume = planned.volume();
      boolean isWrittenTo = cause.failure() == TransferFailure.DESTINATION_MODIFIED;
      if (!isWrittenTo && !planned.hasDiverged()) {
        throw cause;
      }
      Optional<Guid> latest =
          there.snapshots().stream()
              .max(Comparator.comparingLong(Snapshot::createtxg))
              .map(Snapshot::guid);
      return CancellableWait.of(
          context,
          () ->
              peers.setAside(
                  peer, volume.id(), new SetAsideRequest(volume.owner(), volume.epoch(), latest)));
    }
  }

  /** Whether a failed push tells that the copy has changed by itself. */
  public static boolean hasDiverged(FailureException why) {
    return why.failure() == TransferFailure.DIVERGED
        || why.failure() == TransferFailure.NO_COMMON_SNAPSHOT
        || why.failure() == TransferFailure.DESTINATION_MODIFIED;
  }

  /**
   * What a push would do now; changes nothing.
   *
   * @param takesSnapshot whether it would send what is there now
   * @param history what a peer without a copy would be given
   * @throws FailureException {@code VOLUME_LOCKED} while the volume is on its way to the peer
   */
  public PushForecast forecast(
      VolumeId id, NodeId peer, boolean takesSnapshot, InitialReplication history)
      throws FailureException {
    Volume listed = planner.requireOwned(id, peer);
    VolumeView there = copies.view(peer, listed);
    PlannedPush planned = planner.planAtLeastAsNew(listed, peer, there, history);
    Volume volume = planned.volume();
    if (!takesSnapshot || planned.isHopeless()) {
      return new PushForecast(volume, storage, planned.plan(), Optional.empty());
    }
    Snapshot coming = PushForecast.coming(SnapshotName.fresh(SnapshotPurpose.PUSH).toString());
    List<Snapshot> snapshots = new ArrayList<>(volume.dataset().snapshots());
    snapshots.removeAll(retention.failed(volume, peer, there.guids()));
    snapshots.add(coming);
    ReplicationPlan plan = planner.plan(volume, peer, snapshots, there, history).plan();
    return new PushForecast(volume, storage, plan, Optional.of(coming));
  }

  /**
   * Sends what the peer lacks of the snapshots that are there. The caller has the volume alone:
   * what still arrives at the peer was cut, and is waited for.
   *
   * @param history what a peer without a copy is given
   * @param bytesBefore what the operation has moved before, for its progress
   */
  public PushResult send(
      Volume volume,
      NodeId peer,
      InitialReplication history,
      long bytesBefore,
      OperationContext context)
      throws Exception {
    Callable<PushResult> attempt =
        () -> {
          context.phase("planning");
          VolumeView there = copies.view(peer, volume, context);
          return sender.send(volume, peer, there, history, bytesBefore, FanOut.alone(), context);
        };
    return CutReceive.certain().outwait(attempt, attempt);
  }

  private static Snapshot newest(Volume volume) {
    return volume.dataset().latest().orElseThrow();
  }

  /** What a push of the daemon's own accord is called in the locks. */
  private static String replicationTo(NodeId peer) {
    return "replication to node " + peer;
  }

  /** Takes one only if it can be sent: pushes that fail again and again shall leave no heap. */
  private Volume takeSnapshot(
      Volume volume,
      NodeId peer,
      VolumeView there,
      InitialReplication history,
      OperationContext context)
      throws FailureException {
    PlannedPush present = planner.planAtLeastAsNew(volume, peer, there, history);
    Volume before = present.volume();
    if (present.isHopeless()) {
      throw present.refusal();
    }
    retention.pruneFailed(before, peer, there.guids());
    String name = SnapshotName.fresh(SnapshotPurpose.PUSH).toString();
    return hooks.around(before, name, context, () -> catalog.snapshots().takeOfOwned(before, name));
  }
}
