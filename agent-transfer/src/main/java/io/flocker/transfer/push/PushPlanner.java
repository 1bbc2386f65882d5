package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.ReceiverView;
import io.flocker.core.plan.ReplicationPlanner;
import io.flocker.core.plan.ReplicationPolicy;
import io.flocker.core.plan.SendWish;
import io.flocker.core.plan.SenderView;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.ChainFlags;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.transfer.protocol.VolumeView;
import java.util.List;
import java.util.Optional;

/**
 * Plans what a peer is to be sent of a volume: by what both have, how the copy was begun, and what
 * the policy wishes. Any thread; blocks on ZFS.
 */
final class PushPlanner {
  private final NodeId self;
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final PeerCursors cursors;
  private final Policies policies;
  private final SnapshotRetention retention;
  private final ForeignState foreign;

  PushPlanner(NodeVolumes node, Policies policies, SnapshotRetention retention) {
    this.self = node.self();
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.cursors = node.memory().cursors();
    this.policies = policies;
    this.retention = retention;
    this.foreign = new ForeignState(catalog);
  }

  /** The volume, if this node owns it, and all of it can be sent to that peer. */
  Volume requireOwned(VolumeId id, NodeId peer) throws FailureException {
    if (peer.equals(self)) {
      throw RequestFailure.MALFORMED_REQUEST.because("this node is no peer of itself: " + peer);
    }
    Volume volume = catalog.requireOwned(id);
    volume.requireChildless("would not travel with it");
    return volume;
  }

  /**
   * Plans with the volume as it was listed, or listed again where the peer seems to have what this
   * node has not: another push may have sent what was taken after that listing.
   */
  PlannedPush planAtLeastAsNew(
      Volume volume, NodeId peer, VolumeView there, InitialReplication history)
      throws FailureException {
    PlannedPush planned = plan(volume, peer, there, history);
    return planned.isHopeless()
        ? plan(requireOwned(volume.id(), peer), peer, there, history)
        : planned;
  }

  /** Plans with the volume as it was listed. */
  PlannedPush plan(Volume volume, NodeId peer, VolumeView there, InitialReplication history)
      throws FailureException {
    return plan(volume, peer, volume.dataset().snapshots(), there, history);
  }

  /**
   * The same as if the volume had those snapshots.
   *
   * @param there what the peer has
   * @param history what a peer without a copy is given
   */
  PlannedPush plan(
      Volume volume,
      NodeId peer,
      List<Snapshot> snapshots,
      VolumeView there,
      InitialReplication history)
      throws FailureException {
    Dataset here = volume.dataset();
    Optional<ChainFlags> chain = Optional.ofNullable(cursors.chains(volume.id()).get(peer));
    SenderView sender =
        new SenderView(
            here.name(),
            snapshots,
            here.bookmarks(),
            storage.capabilities(),
            chain.map(ChainFlags::flags));
    // A dataset that is nothing but the saved state of a first receive goes away with it.
    boolean isInTheWay = there.exists() && there.resumeToken().isEmpty();
    ReceiverView receiver =
        new ReceiverView(
            isInTheWay,
            there.snapshots(),
            resume(volume, peer, chain, there),
            there.capabilities());
    SendWish wish =
        policies
            .of(volume.id(), volume.name())
            .map(said -> said.wishFor(peer))
            .orElse(SendWish.USUAL);
    return new PlannedPush(
        volume,
        peer,
        ReplicationPlanner.plan(sender, receiver, policy(volume, snapshots, there, history), wish));
  }

  private ReplicationPolicy policy(
      Volume volume, List<Snapshot> snapshots, VolumeView there, InitialReplication history)
      throws FailureException {
    return there.snapshots().isEmpty()
        ? ReplicationPolicy.firstCopy(
            history, storage.canSendRanges(), snapshots, retention.lasting(volume))
        : ReplicationPolicy.update(storage.canSendRanges());
  }

  /**
   * A token that cannot be read is as good as none: the receiver drops it for the next stream. That
   * this node's ZFS does not answer now says nothing of the token, and fails the push.
   *
   * @throws FailureException also where it is of another volume
   */
  private Optional<ResumeState> resume(
      Volume volume, NodeId peer, Optional<ChainFlags> chain, VolumeView there)
      throws FailureException {
    if (there.resumeToken().isEmpty()) {
      return Optional.empty();
    }
    ResumeState state;
    try {
      state = storage.decodeResumeToken(there.resumeToken().get());
    } catch (FailureException _) {
      return Optional.empty();
    }
    foreign.refuse(state, volume, peer);
    // The token of a raw stream says so only where blocks are encrypted (dmu_send.c).
    boolean isOfRaw =
        chain.filter(ChainFlags::raw).isPresent()
            && !state.isRaw()
            && !storage.isEncrypted(volume.dataset().name());
    return Optional.of(isOfRaw ? state.ofRaw() : state);
  }
}
