package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.plan.ConflictKind;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.ReceiverView;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.ReplicationPlanner;
import io.flocker.core.plan.ReplicationPolicy;
import io.flocker.core.plan.SenderView;
import io.flocker.core.plan.Step;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Hold;
import io.flocker.core.volume.Purpose;
import io.flocker.core.volume.SnapshotHolds;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.VolumeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Makes a peer hold what this node holds of a volume that it owns. Blocking; any thread may call.
 */
public final class Push {
  private final NodeId self;
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final PeerVolumes peers;
  private final OutgoingStream stream;
  private final SnapshotHolds holds;
  private final SnapshotRetention keeping;

  public Push(
      NodeId self,
      Storage storage,
      VolumeCatalog catalog,
      VolumeLocks locks,
      PeerVolumes peers,
      OutgoingStream stream,
      SnapshotHolds holds,
      SnapshotRetention keeping) {
    this.self = self;
    this.storage = storage;
    this.catalog = catalog;
    this.locks = locks;
    this.peers = peers;
    this.stream = stream;
    this.holds = holds;
    this.keeping = keeping;
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
        Volume volume = requireOwned(id, peer);
        condition.check(volume);
        if (takesSnapshot) {
          takeSnapshot(volume, peer, history);
          volume = catalog.requireOwned(id);
        }
        return send(volume, peer, history, 0, context);
      }
    });
  }

  /** What a push would do now; changes nothing. */
  public ReplicationPlan plan(VolumeId id, NodeId peer, InitialReplication history)
      throws FailureException {
    Volume volume = requireOwned(id, peer);
    return plan(volume, peers.view(peer, volume), history);
  }

  /** How long the stream of a planned step would be, where ZFS can say. */
  public OptionalLong estimate(VolumeId id, Step step) throws FailureException {
    return storage.estimate(step.request(catalog.requireOwned(id).dataset().name()));
  }

  /**
   * Sends what the peer lacks of the snapshots that are there. The caller holds a lock.
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
    context.phase("planning");
    ReplicationPlan plan =
        Action.start(ActionType.PUSH_PLAN, Map.of("peer", peer.toString()))
            .call(() -> plan(volume, peers.view(peer, volume), history));
    return switch (plan) {
      case ReplicationPlan.UpToDate upToDate -> {
        keeping.arrived(volume, peer, upToDate.common().guid());
        yield new PushResult(peer, upToDate.common().guid(), List.of());
      }
      case ReplicationPlan.Conflict conflict -> throw conflict.failure();
      case ReplicationPlan.Transfer transfer ->
          transfer(volume, peer, transfer.steps(), bytesBefore, context);
    };
  }

  /** A name for a snapshot that is taken now. */
  public static String fresh(Purpose purpose) {
    return SnapshotName.fresh(Instant.now(), purpose).toString();
  }

  private PushResult transfer(
      Volume volume, NodeId peer, List<Step> steps, long bytesBefore, OperationContext context)
      throws Exception {
    Dataset dataset = volume.dataset();
    Hold hold = new Hold.Operation(context.id());
    PushMeter meter =
        new PushMeter(context, bytesBefore, estimates(dataset, steps), dataset.referencedBytes());
    Map<String, String> properties =
        VolumeProperties.of(
            dataset, storage.properties(dataset.name(), VolumeProperties.INHERITABLE));
    List<SentStream> sent = new ArrayList<>();
    holds.hold(volume, steps.getLast().to(), hold);
    try {
      context.phase("sending");
      for (Step step : steps) {
        sent.add(stream.send(peer, volume, step, properties, context, meter));
      }
      keeping.arrived(volume, peer, steps.getLast().to().guid());
    } finally {
      holds.releaseAll(volume, hold); // What an earlier daemon held for it, too.
    }
    context.phase("pruning");
    keeping.prune(volume, peer);
    return new PushResult(peer, steps.getLast().to().guid(), sent);
  }

  /** Only what can be sent is taken: pushes that fail again and again leave no heap behind. */
  private void takeSnapshot(Volume volume, NodeId peer, InitialReplication history)
      throws FailureException {
    VolumeView there = peers.view(peer, volume);
    if (plan(volume, there, history) instanceof ReplicationPlan.Conflict conflict
        && conflict.kind() != ConflictKind.NO_SNAPSHOT_TO_SEND) {
      throw conflict.failure();
    }
    keeping.pruneFailed(
        volume,
        peer,
        there.snapshots().stream().map(Snapshot::guid).collect(Collectors.toUnmodifiableSet()));
    var _ = catalog.snapshot(volume, fresh(Purpose.PUSH));
  }

  private Map<Step, OptionalLong> estimates(Dataset dataset, List<Step> steps)
      throws FailureException {
    Map<Step, OptionalLong> estimates = new LinkedHashMap<>();
    for (Step step : steps) {
      estimates.put(step, storage.estimate(step.request(dataset.name())));
    }
    return estimates;
  }

  private Volume requireOwned(VolumeId id, NodeId peer) throws FailureException {
    if (peer.equals(self)) {
      throw RequestFailure.MALFORMED_REQUEST.because("this node is no peer of itself: " + peer);
    }
    return catalog.requireOwned(id);
  }

  private ReplicationPlan plan(Volume volume, VolumeView there, InitialReplication history)
      throws FailureException {
    Dataset here = volume.dataset();
    SenderView sender =
        new SenderView(
            here.name(),
            here.snapshots(),
            here.bookmarks(),
            storage.capabilities(),
            Optional.empty());
    // A dataset that is nothing but the saved state of a first receive goes away with it.
    boolean isInTheWay = there.exists() && there.resumeToken().isEmpty();
    ReceiverView receiver =
        new ReceiverView(isInTheWay, there.snapshots(), resume(there), there.capabilities());
    return ReplicationPlanner.plan(sender, receiver, policy(volume, there, history));
  }

  private ReplicationPolicy policy(Volume volume, VolumeView there, InitialReplication history)
      throws FailureException {
    return there.snapshots().isEmpty()
        ? ReplicationPolicy.firstCopy(
            history, storage.canSendRanges(), volume.dataset().snapshots(), keeping.lasting(volume))
        : ReplicationPolicy.update(storage.canSendRanges());
  }

  /** A token that cannot be read is as good as none: the receiver drops it for the next stream. */
  private Optional<ResumeState> resume(VolumeView there) {
    try {
      return there.resumeToken().isEmpty()
          ? Optional.empty()
          : Optional.of(storage.decodeResumeToken(there.resumeToken().get()));
    } catch (FailureException _) {
      return Optional.empty();
    }
  }
}
