package io.flocker.transfer.receive;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.storage.Storage;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Replicas;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.http.net.Buffers;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.protocol.TransferResult;
import io.flocker.transfer.stream.StreamReceiver;
import io.flocker.transfer.stream.TransferSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The transfers that other nodes announced here, running and over. Any thread may call. */
public final class IncomingTransfers {
  /** How long an announcement waits for its body, which a living sender begins at once. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final NodeId self;
  private final PeerBook peers;
  private final Storage storage;
  private final Replicas replicas;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final TransferJudge judge;
  private final TransferSettings settings;
  private final EventSink events;
  private final TransferBoard board;
  private final int limit;
  private final Duration patience;

  /** What is just being judged, and who has announced it. */
  private final Map<UUID, NodeId> announcing = new HashMap<>();

  /** Who announced a volume, sent nothing, and may not announce it now; since when, in nanos. */
  private final Map<Lapse, Long> lapsed = new HashMap<>();

  /** Those that are not over. */
  private final Map<UUID, IncomingTransfer> transfers = new HashMap<>();

  private final EndedTransfers ended = new EndedTransfers(InstantSource.system());

  /**
   * Receives into the pool of {@code node}.
   *
   * @param floor what this node does for whom
   * @param limit how many streams may come in at once; where there are several peers, half of them
   *     of one
   */
  public IncomingTransfers(
      NodeVolumes node,
      Supplier<ReceiverFloor> floor,
      TransferSettings settings,
      TransferBoard board,
      int limit) {
    this(node, floor, settings, board, limit, PATIENCE);
  }

  /**
   * The same.
   *
   * @param patience how long an announcement waits for its body, and then keeps its sender from
   *     another one of that volume
   */
  IncomingTransfers(
      NodeVolumes node,
      Supplier<ReceiverFloor> floor,
      TransferSettings settings,
      TransferBoard board,
      int limit,
      Duration patience) {
    this.limit = limit;
    this.patience = patience;
    this.self = node.self();
    this.peers = node.memory().peers();
    this.events = node.events();
    this.storage = node.storage();
    this.replicas = node.replicas();
    this.catalog = node.catalog();
    this.locks = node.locks();
    this.judge = new TransferJudge(node, floor);
    this.settings = settings;
    this.board = board;
  }

  /**
   * Judges an announcement and reserves the volume for its body. Blocks.
   *
   * @throws FailureException why the stream would not be taken; nothing was changed
   */
  public TransferResult announce(NodeId caller, TransferPlan plan) throws FailureException {
    reserve(caller, plan);
    try {
      IncomingTransfer transfer = judged(caller, plan);
      if (!remember(plan.id(), transfer)) {
        transfer.end(noPeer(caller));
      }
      Executor later =
          CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS);
      later.execute(() -> Thread.ofVirtual().name("transfer-expiry").start(() -> expire(transfer)));
      return transfer.result();
    } finally {
      giveBack(plan.id());
    }
  }

  /** Takes the body of an announced transfer. On the exchange's event loop. */
  public StreamBody open(StreamExchange exchange) throws FailureException {
    IncomingTransfer transfer = requireLive(exchange.caller(), exchange.variables().get("id"));
    transfer.begin();
    try {
      StreamReceiver body = StreamReceiver.open(exchange, transfer, settings, Buffers.pool());
      transfer.movedBy(body);
      return body;
    } catch (RuntimeException e) {
      transfer.giveUp(e);
      throw e;
    }
  }

  /**
   * How far a transfer has come. Who asks after one that runs says so that its child is at work.
   *
   * @throws FailureException {@code TRANSFER_NOT_FOUND} also for another node's transfer
   */
  public TransferResult result(Principal caller, String id) throws FailureException {
    IncomingTransfer transfer;
    synchronized (this) { // One that ends meanwhile is found in one place or in the other.
      Optional<TransferResult> end = ended(caller, id);
      if (end.isPresent()) {
        return end.get();
      }
      transfer = requireLive(caller, id);
    }
    transfer.asked();
    return transfer.result();
  }

  /** A node is no peer any more: ends what it has under way here. */
  public void takenOut(NodeId peer) {
    List<IncomingTransfer> theirs;
    synchronized (this) {
      boolean _ = announcing.values().removeIf(peer::equals);
      theirs = liveOf(peer);
    }
    FailureException why = noPeer(peer);
    theirs.forEach(transfer -> transfer.end(why));
  }

  private FailureException noPeer(NodeId node) {
    return RequestFailure.NOT_A_PEER
        .because("node " + node + " was taken out of the peers of node " + self)
        .with("node", self);
  }

  private List<IncomingTransfer> liveOf(NodeId sender) {
    return transfers.values().stream()
        .filter(transfer -> transfer.sender().equals(sender))
        .toList();
  }

  /**
   * The stream that is bringing a volume here. One that is merely announced is none: anybody can
   * say that he will send something.
   */
  public synchronized Optional<UUID> arriving(VolumeId volume) {
    return liveInto(volume).filter(transfer -> !transfer.isWaiting()).map(IncomingTransfer::id);
  }

  private synchronized IncomingTransfer requireLive(Principal caller, @Nullable String id)
      throws FailureException {
    Optional<TransferResult> end = ended(caller, id);
    if (end.isPresent()) {
      throw TransferFailure.RECEIVE_IN_PROGRESS.because(
          "transfer " + id + " had its body: it is " + end.get().state());
    }
    IncomingTransfer transfer = id == null ? null : transfers.get(parse(id));
    if (transfer == null || !caller.equals(new Principal.Node(transfer.sender()))) {
      throw TransferFailure.TRANSFER_NOT_FOUND.because("no transfer " + id + " was announced here");
    }
    return transfer;
  }

  private synchronized Optional<TransferResult> ended(Principal caller, @Nullable String id)
      throws FailureException {
    return id != null && caller instanceof Principal.Node node
        ? ended.find(node.id(), parse(id))
        : Optional.empty();
  }

  /** Its result is all that is left of it. */
  private synchronized void settled(IncomingTransfer transfer) {
    var _ = transfers.remove(transfer.id());
    ended.put(transfer.sender(), transfer.result());
  }

  private static UUID parse(String id) throws FailureException {
    try {
      return Uuids.parse("transfer", id);
    } catch (IllegalArgumentException e) {
      throw TransferFailure.TRANSFER_NOT_FOUND.because(String.valueOf(e.getMessage()));
    }
  }

  private IncomingTransfer judged(NodeId caller, TransferPlan plan) throws FailureException {
    if (!mayBeTheirs(caller, plan)) { // Before the lock: who has no say shall lock nobody out.
      var _ = judge.judge(caller, plan);
    }
    VolumeLocks.Lease lease = locks.own(plan.lineage(), "transfer " + plan.id());
    try {
      ReceiveTarget target = judge.judge(caller, plan);
      return new IncomingTransfer(
          plan,
          target,
          lease,
          storage,
          replicas,
          events,
          board,
          settings.pipeBytes(),
          this::settled);
    } catch (FailureException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /** Whether the volume is the caller's, or nobody's yet, by what is known of it. */
  private boolean mayBeTheirs(NodeId caller, TransferPlan plan) throws FailureException {
    return catalog.known(plan.lineage()).stream().allMatch(head -> head.owner().equals(caller));
  }

  private synchronized Optional<IncomingTransfer> liveInto(VolumeId volume) {
    return transfers.values().stream()
        .filter(transfer -> transfer.volume().equals(volume))
        .findFirst();
  }

  /** Gives up an announcement without a body; others have their turn before its sender again. */
  private void expire(IncomingTransfer transfer) {
    Lapse lapse = new Lapse(transfer.sender(), transfer.volume());
    if (transfer.isWaiting()) {
      synchronized (this) {
        var _ = lapsed.put(lapse, System.nanoTime()); // Before anybody can see that it is over.
      }
      if (!transfer.expire()) {
        synchronized (this) {
          var _ = lapsed.remove(lapse);
        }
      }
    }
  }

  private record Lapse(NodeId sender, VolumeId volume) {}

  /** Takes a place among the streams of this node; one that is being judged has its place, too. */
  private synchronized void reserve(NodeId caller, TransferPlan plan) throws FailureException {
    UUID id = plan.id();
    if (transfers.containsKey(id) || announcing.containsKey(id) || ended.contains(id)) {
      throw RequestFailure.MALFORMED_REQUEST.because("transfer " + id + " was announced before");
    }
    int underWay = announcing.size() + transfers.size();
    if (underWay >= limit) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          "this node takes " + limit + " streams at once, and " + underWay + " are under way");
    }
    long theirs =
        liveOf(caller).size() + announcing.values().stream().filter(caller::equals).count();
    int share = share();
    if (theirs >= share) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          "this node takes "
              + share
              + " streams at once of one peer, and "
              + theirs
              + " of node "
              + caller
              + " are under way");
    }
    long now = System.nanoTime();
    boolean _ = lapsed.values().removeIf(since -> now - since > patience.toNanos());
    if (lapsed.containsKey(new Lapse(caller, plan.lineage()))) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          "node "
              + caller
              + " announced volume "
              + plan.lineage()
              + " and did not send it: it may announce it again in some seconds");
    }
    var _ = announcing.put(id, caller);
  }

  /** One peer among several leaves the other half to those who come after it. */
  private int share() {
    return peers.list().size() > 1 ? (limit + 1) / 2 : limit;
  }

  private synchronized void giveBack(UUID id) {
    var _ = announcing.remove(id);
  }

  /** Tells whether its sender is still wanted. */
  private synchronized boolean remember(UUID id, IncomingTransfer transfer) {
    boolean isWanted = announcing.remove(id) != null;
    if (!transfer.isOver()) {
      transfers.put(id, transfer);
    }
    return isWanted;
  }
}
