package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.Wait;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.Step;
import io.flocker.core.replicate.Copy;
import io.flocker.core.state.StateDisk;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Storage;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.stream.ChainFlags;
import io.flocker.core.volume.Hold;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SnapshotHolds;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.transfer.protocol.VolumeView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Sends a peer the streams that a plan says, each the base of the next: kept for the peer before,
 * held meanwhile, pruned afterwards. Any thread, with the volume's lock held; blocks.
 */
final class ChainSender {
  /** How often other pushes of the same volume may be quicker before this one gives up. */
  private static final int MOST_PLANS = 5;

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final PeerCopies copies;
  private final PushPlanner planner;
  private final OutgoingStream stream;
  private final SnapshotHolds holds;
  private final SnapshotRetention retention;
  private final GrantKeeper grants;
  private final PeerCursors cursors;
  private final StateDisk disk;
  private volatile Consumer<Copy> anew = _ -> {};

  ChainSender(
      NodeVolumes node,
      PeerCopies copies,
      PushPlanner planner,
      OutgoingStream stream,
      SnapshotRetention retention) {
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.copies = copies;
    this.planner = planner;
    this.stream = stream;
    this.holds = node.holds();
    this.retention = retention;
    this.grants = node.memory().grants();
    this.cursors = node.memory().cursors();
    this.disk = node.memory().disk();
  }

  /** As {@link Push#onBegunAnew}. */
  void onBegunAnew(Consumer<Copy> listener) {
    anew = listener;
  }

  /**
   * Sends what the peer lacks of the snapshots that are there. Plans anew as often as another push
   * of the volume was quicker: what fits no more is no fault.
   *
   * @param there what the peer was seen to have
   * @param history what a peer without a copy is given
   * @param bytesBefore what the operation has moved before, for its progress
   * @param fanOut who is sent to at the same time
   */
  PushResult send(
      Volume volume,
      NodeId peer,
      VolumeView there,
      InitialReplication history,
      long bytesBefore,
      FanOut fanOut,
      OperationContext context)
      throws Exception {
    Volume here = volume;
    VolumeView seen = there;
    for (int plans = 1; ; plans++) {
      try {
        return sendAsSeen(here, peer, seen, history, bytesBefore, fanOut, context);
      } catch (FailureException e) {
        if (!mayBeOfAnotherPush(e) || plans == MOST_PLANS) {
          throw e;
        }
        // What the peer has must be looked at first, or it may have what was not yet listed here.
        VolumeView now = copies.view(peer, here, context);
        Volume listed = catalog.require(volume.id()); // In a handoff it is released by now.
        if (now.guids().equals(seen.guids())
            && listed.dataset().snapshots().equals(here.dataset().snapshots())) {
          throw e;
        }
        here = listed;
        seen = now;
      }
    }
  }

  private static boolean mayBeOfAnotherPush(FailureException why) {
    return why.failure() == TransferFailure.DIVERGED
        || why.failure() == TransferFailure.NO_COMMON_SNAPSHOT
        || why.failure() == TransferFailure.BASE_MISSING
        || why.failure() == TransferFailure.DESTINATION_EXISTS;
  }

  private PushResult sendAsSeen(
      Volume volume,
      NodeId peer,
      VolumeView there,
      InitialReplication history,
      long bytesBefore,
      FanOut fanOut,
      OperationContext context)
      throws Exception {
    PlannedPush planned =
        Action.start(ActionType.PUSH_PLAN, Map.of("peer", peer.toString()))
            .call(() -> planner.plan(volume, peer, there, history));
    return switch (planned.plan()) {
      case ReplicationPlan.UpToDate upToDate -> {
        retention.arrived(volume, peer, upToDate.common().guid());
        yield new PushResult(peer, upToDate.common().guid(), List.of());
      }
      case ReplicationPlan.Conflict _ -> throw planned.refusal();
      case ReplicationPlan.Transfer transfer ->
          transfer(volume, peer, there.epoch(), transfer.steps(), bytesBefore, fanOut, context);
    };
  }

  private PushResult transfer(
      Volume volume,
      NodeId peer,
      long epochThere,
      List<Step> steps,
      long bytesBefore,
      FanOut fanOut,
      OperationContext context)
      throws Exception {
    Dataset dataset = volume.dataset();
    fanOut.needs(peer, steps.stream().map(step -> step.request(dataset.name())).toList());
    Hold hold = new Hold.Operation(context.id());
    context.waitsFor(Wait.PLANNING);
    PushMeter meter =
        new PushMeter(context, bytesBefore, estimates(dataset, steps), dataset.referencedBytes());
    Map<String, String> properties = VolumeProperties.of(dataset);
    GrantChain news =
        volume.epoch() > epochThere ? grants.upTo(volume.id(), volume.epoch()) : GrantChain.EMPTY;
    List<SentStream> sent = new ArrayList<>();
    retention.keepBase(volume, peer, steps.getFirst());
    retention.sending(volume, peer, steps);
    try {
      for (Step step : steps) { // Each is the base of the next: another push must not prune it.
        holds.hold(volume, step.to(), hold);
      }
      context.phase("sending");
      if (!isRemembered(volume, peer, steps.getFirst())) {
        disk.requireWritable(); // The peer would wait for a stream that never comes.
      }
      for (Step step : steps) {
        OutgoingStream.Accepted accepted =
            step.equals(steps.getFirst()) ? () -> begin(volume, peer, step) : () -> {};
        sent.add(
            stream.send(peer, volume, step, properties, news, fanOut, context, meter, accepted));
        retention.arrived(volume, peer, step.to().guid());
      }
    } finally {
      holds.releaseAll(volume, hold); // What an earlier daemon held for it, too.
    }
    context.phase("pruning");
    context.waitsFor(Wait.PRUNING);
    retention.prune(volume, peer);
    return new PushResult(peer, steps.getLast().to().guid(), sent);
  }

  private Map<Step, OptionalLong> estimates(Dataset dataset, List<Step> steps)
      throws FailureException {
    Map<Step, OptionalLong> estimates = new LinkedHashMap<>();
    for (Step step : steps) {
      estimates.put(step, storage.estimate(step.request(dataset.name())));
    }
    return estimates;
  }

  /**
   * Before a byte is sent: what arrives is of that chain, whether or not we hear of it. Not before
   * the peer has accepted it: another push may begin the copy in another way, or before this one.
   */
  private void begin(Volume volume, NodeId peer, Step first) throws FailureException {
    remember(volume, peer, first);
    if (first instanceof Step.Full) {
      anew.accept(new Copy(volume.id(), peer));
    }
  }

  /** Remembers how the copy's streams are made, which a resumed stream does not change. */
  private void remember(Volume volume, NodeId peer, Step first) throws FailureException {
    if (!isRemembered(volume, peer, first)) {
      cursors.chain(volume.id(), peer, ChainFlags.of(first.flags()));
    }
  }

  private boolean isRemembered(Volume volume, NodeId peer, Step first) {
    ChainFlags known = cursors.chains(volume.id()).get(peer);
    return known != null
        && (first instanceof Step.Resume || known.equals(ChainFlags.of(first.flags())));
  }
}
