package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.Wait;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.plan.ConflictKind;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.ReceiverView;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.ReplicationPlanner;
import io.flocker.core.plan.ReplicationPolicy;
import io.flocker.core.plan.SendWish;
import io.flocker.core.plan.SenderView;
import io.flocker.core.plan.Step;
import io.flocker.core.replicate.Arrival;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.SnapshotNeed;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.retry.Backoff;
import io.flocker.core.state.StateDisk;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.stream.ChainFlags;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Hold;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.SnapshotHolds;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.SnapshotPurpose;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.SetAsideAnswer;
import io.flocker.transfer.protocol.SetAsideRequest;
import io.flocker.transfer.protocol.VolumeView;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes a peer hold what this node holds of a volume that it owns. Blocking; any thread may call.
 */
public final class Push {
  /** How often other pushes of the same volume may be quicker before this one gives up. */
  private static final int MOST_PLANS = 5;

  /** A receive that has lost its sender ends within that time, as a rule. */
  private static final Duration CUT = Duration.ofSeconds(20);

  private final NodeId self;
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final PeerVolumes peers;
  private final OutgoingStream stream;
  private final SnapshotHolds holds;
  private final SnapshotRetention retention;
  private final GrantKeeper grants;
  private final SnapshotTurns turns = new SnapshotTurns();
  private final SnapshotHooks hooks;
  private final Policies policies;
  private final PeerCursors cursors;
  private final StateDisk disk;
  private volatile Consumer<Copy> anew = _ -> {};

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
    this.hooks = hooks;
    this.policies = policies;
    this.cursors = node.memory().cursors();
    this.disk = node.memory().disk();
    this.self = node.self();
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.locks = node.locks();
    this.holds = node.holds();
    this.peers = peers;
    this.stream = stream;
    this.retention = retention;
    this.grants = node.memory().grants();
  }

  /**
   * Has {@code listener} told of each copy of which the peer has nothing, once the peer has
   * accepted its stream: whoever asked for that push. It does not wait.
   */
  public void onBegunAnew(Consumer<Copy> listener) {
    anew = listener;
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
        Volume listed = requireOwned(id, peer);
        condition.check(listed);
        context.phase("planning");
        BooleanSupplier leaving = leaving(id, peer);
        Callable<VolumeView> look = () -> view(peer, listed, context);
        VolumeView there = whileLocked(leaving, look, look);
        Volume volume =
            takesSnapshot ? takeSnapshot(listed, peer, there, history, context) : listed;
        return whileLocked(
            leaving,
            () -> send(volume, peer, there, history, 0, FanOut.alone(), context),
            // What was cut may have brought something, or left something to be resumed.
            () -> send(volume, peer, look.call(), history, 0, FanOut.alone(), context));
      }
    });
  }

  /**
   * Asks what follows of itself to that peer to leave: whether it may be that which is still
   * received there, also where it has ended here since.
   */
  private BooleanSupplier leaving(VolumeId id, NodeId peer) {
    AtomicBoolean isThere = new AtomicBoolean(locks.yields(id, replicationTo(peer)));
    return () -> {
      if (locks.askToLeave(id, replicationTo(peer))) {
        isThere.set(true);
      }
      return isThere.get();
    };
  }

  /**
   * Tries again while the peer still receives what was cut.
   *
   * @param isCut asked at each refusal but the last
   */
  private static <T> T whileLocked(BooleanSupplier isCut, Callable<T> first, Callable<T> again)
      throws Exception {
    Callable<T> next = first;
    Backoff waiting = null;
    while (true) {
      try {
        return next.call();
      } catch (FailureException e) {
        if (waiting == null) {
          waiting = Backoff.from(Duration.ofMillis(50), Duration.ofSeconds(1)).within(CUT);
        }
        if (e.failure() != OwnershipFailure.VOLUME_LOCKED
            || waiting.isOver()
            || !isCut.getAsBoolean()
            || !waiting.pause()) {
          throw e;
        }
        next = again;
      }
    }
  }

  private static String replicationTo(NodeId peer) {
    return "replication to node " + peer;
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
        Volume listed = requireOwned(copy.volume(), peer);
        context.phase("planning");
        context.waitsFor(Wait.ASKING);
        VolumeView there = view(peer, listed, context);
        context.waitsFor(Wait.LISTING);
        Volume volume =
            turn.call(() -> {
              // What another push took meanwhile is not taken again, and is to be sent here too.
              Volume now = turn.taken() == before ? listed : requireOwned(copy.volume(), peer);
              if (!now.dataset().snapshots().isEmpty() && !need.mayBeWritten()) {
                return now;
              }
              context.waitsFor(Wait.SNAPSHOT);
              Volume with = takeSnapshot(now, peer, there, history, context);
              context.waitsFor(Wait.PLANNING);
              need.taken(with.dataset().referencedBytes());
              turn.took();
              return with;
            });
        Guid latest = send(volume, peer, there, history, 0, fanOut, context).latest();
        Optional<Snapshot> proven = volume.dataset().snapshot(latest);
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
      Volume listed = requireOwned(copy.volume(), peer);
      context.waitsFor(Wait.ASKING);
      VolumeView there = view(peer, listed, context);
      Planned planned = atLeastAsNew(listed, peer, there, InitialReplication.ALL);
      Volume volume = planned.volume();
      boolean isWrittenTo = cause.failure() == TransferFailure.DESTINATION_MODIFIED;
      if (!isWrittenTo && !hasChanged(planned.plan())) {
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
    Volume listed = requireOwned(id, peer);
    VolumeView there = view(peer, listed);
    Planned planned = atLeastAsNew(listed, peer, there, history);
    Volume volume = planned.volume();
    ReplicationPlan present = planned.plan();
    if (!takesSnapshot || isHopeless(present)) {
      return new PushForecast(volume, storage, present, Optional.empty());
    }
    Snapshot coming = PushForecast.coming(fresh(SnapshotPurpose.PUSH));
    List<Snapshot> snapshots = new ArrayList<>(volume.dataset().snapshots());
    snapshots.removeAll(retention.failed(volume, peer, guids(there)));
    snapshots.add(coming);
    return new PushForecast(
        volume, storage, plan(volume, peer, snapshots, there, history), Optional.of(coming));
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
          VolumeView there = view(peer, volume, context);
          return send(volume, peer, there, history, bytesBefore, FanOut.alone(), context);
        };
    return whileLocked(() -> true, attempt, attempt);
  }

  /**
   * Plans anew as often as another push of the volume was quicker: what fits no more is no fault.
   */
  private PushResult send(
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
        VolumeView now = view(peer, here, context);
        Volume listed = catalog.require(volume.id()); // In a handoff it is released by now.
        if (guids(now).equals(guids(seen))
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
    ReplicationPlan plan =
        Action.start(ActionType.PUSH_PLAN, Map.of("peer", peer.toString()))
            .call(() -> plan(volume, peer, there, history));
    return switch (plan) {
      case ReplicationPlan.UpToDate upToDate -> {
        retention.arrived(volume, peer, upToDate.common().guid());
        yield new PushResult(peer, upToDate.common().guid(), List.of());
      }
      case ReplicationPlan.Conflict conflict -> throw refusal(conflict, volume, peer);
      case ReplicationPlan.Transfer transfer ->
          transfer(volume, peer, there.epoch(), transfer.steps(), bytesBefore, fanOut, context);
    };
  }

  /** A name for a snapshot that is taken now. */
  public static String fresh(SnapshotPurpose purpose) {
    return SnapshotName.fresh(Instant.now(), purpose).toString();
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

  /** What goes on tells less than what was begun. */
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

  /** Only what can be sent is taken: pushes that fail again and again leave no heap behind. */
  private Volume takeSnapshot(
      Volume volume,
      NodeId peer,
      VolumeView there,
      InitialReplication history,
      OperationContext context)
      throws FailureException {
    Planned present = atLeastAsNew(volume, peer, there, history);
    Volume before = present.volume();
    if (isHopeless(present.plan())) {
      throw refusal((ReplicationPlan.Conflict) present.plan(), before, peer);
    }
    retention.pruneFailed(before, peer, guids(there));
    String name = fresh(SnapshotPurpose.PUSH);
    return hooks.around(before, name, context, () -> catalog.snapshots().takeOfOwned(before, name));
  }

  /** What could be sent of a volume as it was listed. */
  private record Planned(Volume volume, ReplicationPlan plan) {}

  /**
   * The volume as it was listed, or listed again where the peer seems to have what this node has
   * not: another push may have sent what was taken after that listing.
   */
  private Planned atLeastAsNew(
      Volume volume, NodeId peer, VolumeView there, InitialReplication history)
      throws FailureException {
    ReplicationPlan plan = plan(volume, peer, there, history);
    if (!isHopeless(plan)) {
      return new Planned(volume, plan);
    }
    Volume listed = requireOwned(volume.id(), peer);
    return new Planned(listed, plan(listed, peer, there, history));
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
    Volume volume = catalog.requireOwned(id);
    volume.requireChildless("would not travel with it");
    return volume;
  }

  private static FailureException refusal(
      ReplicationPlan.Conflict conflict, Volume volume, NodeId peer) {
    FailureException refusal = conflict.failure();
    boolean isOfTheCopy =
        hasChanged(conflict)
            || conflict.kind() == ConflictKind.RAW_AFTER_PLAIN
            || conflict.kind() == ConflictKind.PLAIN_AFTER_RAW;
    return isOfTheCopy
        ? refusal
            .told("to give up the copy: " + volume.removalAt(peer) + ", then have it sent anew")
            .with("node", peer)
        : refusal;
  }

  /** Whether the copy has changed by itself. */
  private static boolean hasChanged(ReplicationPlan plan) {
    return plan instanceof ReplicationPlan.Conflict conflict
        && (conflict.kind() == ConflictKind.DIVERGED
            || conflict.kind() == ConflictKind.NO_COMMON_SNAPSHOT);
  }

  /** Whether one more snapshot would not help. */
  private static boolean isHopeless(ReplicationPlan plan) {
    return plan instanceof ReplicationPlan.Conflict conflict
        && conflict.kind() != ConflictKind.NO_SNAPSHOT_TO_SEND;
  }

  private static Set<Guid> guids(VolumeView there) {
    return there.snapshots().stream().map(Snapshot::guid).collect(Collectors.toUnmodifiableSet());
  }

  /** What an operator is to choose from looks as if it had diverged, and must not be given up. */
  private static void refuseKeptCopy(NodeId peer, Volume volume, VolumeView there)
      throws FailureException {
    if (there.role().equals(Optional.of(Role.SUPERSEDED))) {
      throw OwnershipFailure.SUPERSEDED
          .because(
              "node %s keeps a copy of volume %s that node %s has superseded, at epoch %d"
                  .formatted(
                      peer,
                      volume.id(),
                      there.owner().map(NodeId::toString).orElse("another"),
                      there.epoch()))
          .toldBy(peer);
    }
    if (there.role().equals(Optional.of(Role.CONTESTED))) {
      throw OwnershipFailure.CONTESTED
          .because("node %s has volume %s as contested".formatted(peer, volume.id()))
          .toldBy(peer);
    }
  }

  /** As long as the peer says that it is at work it is waited for: until somebody cancels that. */
  private VolumeView view(NodeId peer, Volume volume, OperationContext context)
      throws FailureException {
    return CancellableWait.of(context, () -> view(peer, volume));
  }

  /** What half a copy looks like says nothing about what will be there. */
  private VolumeView view(NodeId peer, Volume volume) throws FailureException {
    VolumeView there = peers.view(peer, volume);
    refuseKeptCopy(peer, volume, there);
    if (there.arriving().isPresent()) {
      String transfer = "transfer " + there.arriving().get();
      throw OwnershipFailure.VOLUME_LOCKED
          .because(transfer + " is bringing " + volume.name() + " to node " + peer + " just now")
          .with("holder", transfer)
          .with("node", peer);
    }
    return there;
  }

  private ReplicationPlan plan(
      Volume volume, NodeId peer, VolumeView there, InitialReplication history)
      throws FailureException {
    return plan(volume, peer, volume.dataset().snapshots(), there, history);
  }

  private ReplicationPlan plan(
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
            isInTheWay, there.snapshots(), resume(here, chain, there), there.capabilities());
    SendWish wish =
        policies
            .of(volume.id(), volume.name())
            .map(said -> said.wishFor(peer))
            .orElse(SendWish.USUAL);
    return ReplicationPlanner.plan(
        sender, receiver, policy(volume, snapshots, there, history), wish);
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
   * A token that cannot be read is as good as none: the receiver drops it for the next stream.
   * Where this node's ZFS does not answer now nothing is to be dropped.
   */
  private Optional<ResumeState> resume(Dataset here, Optional<ChainFlags> chain, VolumeView there)
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
    // The token of a raw stream says so only where blocks are encrypted (dmu_send.c).
    boolean isOfRaw =
        chain.filter(ChainFlags::raw).isPresent()
            && !state.isRaw()
            && !storage.isEncrypted(here.name());
    return Optional.of(isOfRaw ? state.ofRaw() : state);
  }
}
