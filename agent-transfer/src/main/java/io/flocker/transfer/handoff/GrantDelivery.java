package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.Retry;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.Unattended;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.retry.Backoff;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.MountFolder;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeMetadata;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeRegister;
import io.flocker.core.volume.Volumes;
import io.flocker.core.volume.ownership.OwnershipEvent;
import io.flocker.transfer.protocol.AcquireAnswer;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.VolumeView;
import io.flocker.transfer.push.Push;
import io.flocker.transfer.push.PushResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Has released volumes acquired by the peers that they were released to: at once, and again for as
 * long as a release is found that nobody has taken. Blocking; any thread may call.
 */
public final class GrantDelivery {
  /** How long a handoff itself waits for its peer; what comes later is {@link #recover}'s. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final NodeId self;
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final Volumes volumes;
  private final VolumeLocks locks;
  private final PeerVolumes peers;
  private final PeerCursors cursors;
  private final VolumeRegister register;
  private final GrantKeeper grants;
  private final Confirmations confirmations;
  private final Policies policies;
  private final KeptForPeers kept;
  private final VolumeMounter mounter;
  private final Push push;
  private final Release release;
  private final UnsettledReleases unsettled;
  private final PatientTries tries = new PatientTries();

  /**
   * Grants the volumes that {@code node} has released.
   *
   * @throws FailureException if nobody can read what the daemon before has left unsettled
   */
  public GrantDelivery(NodeVolumes node, Policies policies, PeerVolumes peers, Push push)
      throws FailureException {
    this.self = node.self();
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.volumes = node.volumes();
    this.locks = node.locks();
    this.cursors = node.memory().cursors();
    this.register = node.memory().register();
    this.grants = node.memory().grants();
    this.confirmations = node.confirmations();
    this.mounter = node.mounter();
    this.peers = peers;
    this.policies = policies;
    this.kept = new KeptForPeers(node);
    this.push = push;
    this.release = new Release(node);
    this.unsettled = UnsettledReleases.open(release, node.memory().journals().releases(), locks);
  }

  /**
   * Grants a volume that was just released, again and again until the peer has it. The caller holds
   * the volume's lock.
   *
   * @throws FailureException when the peer refuses, or cannot be reached in time; the volume stays
   *     released to it, and {@link #recover} goes on
   */
  AcquireAnswer untilAcquired(VolumeName name, OwnershipRecord released) throws Exception {
    Backoff backoff = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE).within(PATIENCE);
    while (true) {
      try {
        return grant(name, released);
      } catch (FailureException e) {
        if (e.failure() == OwnershipFailure.NOT_RELEASED) {
          return grantAnew(name, released, e);
        }
        if (e.failure().retry() == Retry.NEVER || !backoff.pause()) {
          throw untaken(released, e);
        }
      }
    }
  }

  /** The peer may not have any more what it had before the release: its disk went back. */
  private AcquireAnswer grantAnew(
      VolumeName name, OwnershipRecord released, FailureException refusal) throws Exception {
    try {
      if (!sendAgain(catalog.require(released.lineage()), released)) {
        throw refusal;
      }
      return grant(name, released);
    } catch (FailureException e) {
      throw untaken(released, e);
    }
  }

  /** Has whoever looks at the volume told why it is nobody's; returns what the caller throws. */
  private FailureException untaken(OwnershipRecord released, FailureException why)
      throws FailureException {
    if (why.failure() == OwnershipFailure.VOLUME_LOCKED) { // It is being taken, or sent.
      return why.with("released", released.node());
    }
    Volume volume = catalog.require(released.lineage());
    String way =
        "This node goes on trying by itself. Should node %s never take it: flocker volume takeover %s"
                .formatted(released.node(), volume.name())
            + " --fenced "
            + released.node()
            + ", on node "
            + self;
    mounter.untaken(
        volume,
        "it was given to node %s, which has not taken it: %s. %s"
            .formatted(released.node(), why.detail(), way));
    return why.told(way).with("released", released.node());
  }

  /** What makes the releases that are granted here. */
  Release release() {
    return release;
  }

  /** The releases that are to be settled before anything is granted. */
  UnsettledReleases unsettled() {
    return unsettled;
  }

  /**
   * Settles the releases whose end nobody knows, and grants every volume that is released and not
   * taken, once each; what was refused before is left out until it is time for it again. Of what
   * was taken nothing is kept for peers any more.
   *
   * @return how many are left
   */
  public int recover() throws FailureException {
    int left = unsettled.settle();
    List<VolumeHead> released = released();
    tries.retain(released.stream().map(VolumeHead::id).toList());
    for (VolumeHead volume : released) {
      boolean isDone = tries.run(volume.id(), volume.owner(), () -> recover(volume.id()));
      left += isDone ? 0 : 1;
    }
    kept.letGoOfCopies();
    return left;
  }

  private void recover(VolumeId id) throws Exception {
    try (VolumeLocks.Lease _ = locks.own(id, "handoff recovery")) {
      recover(catalog.require(id));
    }
  }

  private List<VolumeHead> released() throws FailureException {
    return catalog.known().stream()
        .filter(volume -> isReleased(volume.role(), volume.owner()))
        .toList();
  }

  private boolean isReleased(Role role, NodeId owner) {
    return role == Role.RELEASED && !owner.equals(self);
  }

  /** Grants a volume, read with its lock held: it may have been acquired meanwhile. */
  private void recover(Volume volume) throws Exception {
    if (!isReleased(volume.role(), volume.owner())) {
      return;
    }
    OwnershipRecord released = volume.dataset().record().orElseThrow();
    try {
      requireUnmounted(volume.dataset(), released.node());
      boolean _ = sendAgain(volume, released);
      AcquireAnswer _ = grant(volume.name(), released);
    } catch (FailureException e) {
      throw untaken(released, e);
    }
  }

  /**
   * Sends the peer what it had when the volume was released and has no more: its disk went back to
   * an earlier day. Nothing has changed here since.
   *
   * @return whether there was anything to send
   */
  private boolean sendAgain(Volume volume, OwnershipRecord released) throws Exception {
    Volume frozen =
        new Volume(
            volume.id(), volume.name(), self, Role.OWNER, released.epoch() - 1, volume.dataset());
    VolumeView there = peers.view(released.node(), frozen);
    boolean isBehind =
        there.role().filter(role -> role == Role.REPLICA).isPresent()
            && there.epoch() < released.epoch()
            && there.snapshots().stream()
                .map(Snapshot::guid)
                .noneMatch(released.finalSnapshot()::equals);
    if (!isBehind && there.exists()) {
      return false;
    }
    PushResult _ =
        push.send(
            frozen,
            released.node(),
            InitialReplication.ALL,
            0,
            new Unattended(released.operation()));
    return true;
  }

  /**
   * Keeps a volume from being given away under a writer, whoever has mounted it.
   *
   * @throws FailureException {@code VOLUME_IN_USE}
   */
  static void requireUnmounted(Dataset dataset, NodeId peer) throws FailureException {
    if (dataset.isMounted()) {
      // Somebody may have written since the final snapshot, and goes on.
      throw OwnershipFailure.VOLUME_IN_USE.because(
          dataset.name()
              + " goes to node "
              + peer
              + " and is mounted here all the same: save what was written since its last snapshot,"
              + " then unmount it");
    }
  }

  private AcquireAnswer grant(VolumeName name, OwnershipRecord released) throws Exception {
    Volume volume = catalog.require(released.lineage());
    requireUnmounted(volume.dataset(), released.node());
    Map<NodeId, Guid> known = new HashMap<>(cursors.of(released.lineage()));
    known.remove(released.node());
    // Written down before the release, but the state folder may be older than the pool.
    grants.sign(
        released.lineage(),
        released.epoch(),
        self,
        released.node(),
        released.operation(),
        released.finalSnapshot());
    AcquireRequest request =
        new AcquireRequest(
            name,
            self,
            released.node(),
            released.epoch(),
            released.operation(),
            released.finalSnapshot(),
            known,
            metadata(released.lineage()),
            Optional.of(VolumeProperties.of(volume.dataset())),
            Optional.of(GrantDocument.of(grants.upTo(released.lineage(), released.epoch()))),
            confirmed(released.lineage()),
            creation(released.lineage()),
            Optional.of(Handover.of(policies, released.lineage(), name)),
            Optional.of(cursors.chains(released.lineage())));
    AcquireAnswer answer =
        Action.start(ActionType.HANDOFF_ACQUIRE, Map.of("peer", released.node().toString()))
            .call(() -> peers.acquire(released.node(), released.lineage(), request));
    becomeReplica(volume);
    return answer;
  }

  /** The volume does not wait for what is written about it, nor is it refused for that. */
  private Optional<Map<String, String>> metadata(VolumeId id) {
    try {
      return Optional.of(VolumeMetadata.fitting(register.metadata(id)));
    } catch (FailureException e) {
      Action.traceback(e);
      return Optional.empty();
    }
  }

  /** Nor for this: without it, a peer is merely not held to what it has confirmed. */
  private Optional<Map<NodeId, UUID>> confirmed(VolumeId id) {
    try {
      return Optional.of(confirmations.ever(id));
    } catch (FailureException e) {
      Action.traceback(e);
      return Optional.empty();
    }
  }

  /** Nor for this. Beside the grants, since an older flockerd reads none of epoch 0 among them. */
  private Optional<GrantDocument> creation(VolumeId id) {
    try {
      return grants
          .creation(id)
          .filter(signed -> signed.grant().isOfFreshId())
          .map(signed -> GrantDocument.of(new GrantChain(List.of(signed))));
    } catch (FailureException e) {
      Action.traceback(e);
      return Optional.empty();
    }
  }

  /** May be repeated. The record comes last: only while it says released is this done again. */
  private void becomeReplica(Volume volume) throws FailureException {
    storage.seal(volume.dataset().name(), Map.of());
    kept.letGo(volume);
    policies.remove(volume.id());
    var _ = catalog.records().apply(volume.dataset(), new OwnershipEvent.Delivered());
    mounter.taken(volume.id());
    volumes.repairName(volume);
    boolean _ = volume.dataset().mountpoint().map(MountFolder::removeIfEmpty).orElse(false);
  }
}
