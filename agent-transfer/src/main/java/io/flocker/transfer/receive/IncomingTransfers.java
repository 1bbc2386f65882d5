package io.flocker.transfer.receive;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.storage.Storage;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Replicas;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.http.net.Buffers;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.protocol.TransferResult;
import io.flocker.transfer.stream.StreamReceiver;
import io.flocker.transfer.stream.TransferSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The transfers that other nodes announced here, running and over. Any thread may call. */
public final class IncomingTransfers {
  /** How long an announcement waits for its body, which a living sender begins at once. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How long a result can be asked for (design: a lost answer is asked again). */
  private static final Duration KEPT = Duration.ofHours(24);

  private static final int MAX_KEPT = 10_000;

  private final Storage storage;
  private final Replicas replicas;
  private final VolumeLocks locks;
  private final TransferJudge judge;
  private final TransferSettings settings;
  private final EventSink events;
  private final TransferBoard board;
  private final int limit;
  private final Set<UUID> announcing = new HashSet<>();
  private final Map<UUID, IncomingTransfer> transfers = new LinkedHashMap<>();

  /**
   * Receives into the pool of {@code node}.
   *
   * @param limit how many streams may come in at once
   */
  public IncomingTransfers(
      NodeVolumes node, TransferSettings settings, TransferBoard board, int limit) {
    this.limit = limit;
    this.events = node.events();
    this.storage = node.storage();
    this.replicas = node.replicas();
    this.locks = node.locks();
    this.judge = new TransferJudge(storage, replicas);
    this.settings = settings;
    this.board = board;
  }

  /**
   * Judges an announcement and reserves the volume for its body. Blocks.
   *
   * @throws FailureException why the stream would not be taken; nothing was changed
   */
  public TransferResult announce(NodeId caller, TransferPlan plan) throws FailureException {
    reserve(plan.id());
    try {
      IncomingTransfer transfer = judged(caller, plan);
      remember(plan.id(), transfer);
      Executor later =
          CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      later.execute(() -> Thread.ofVirtual().name("transfer-expiry").start(transfer::expire));
      return transfer.result();
    } finally {
      giveBack(plan.id());
    }
  }

  /** Takes the body of an announced transfer. On the exchange's event loop. */
  public StreamBody open(StreamExchange exchange) throws FailureException {
    IncomingTransfer transfer = find(exchange.caller(), exchange.variables().get("id"));
    transfer.begin();
    try {
      return StreamReceiver.open(exchange, transfer, settings, Buffers.pool());
    } catch (RuntimeException e) {
      transfer.giveUp(e);
      throw e;
    }
  }

  /**
   * How far a transfer has come.
   *
   * @throws FailureException {@code TRANSFER_NOT_FOUND} also for another node's transfer
   */
  public TransferResult result(Principal caller, String id) throws FailureException {
    return find(caller, id).result();
  }

  /** The stream that is bringing a volume here, from its announcement to its end. */
  public synchronized Optional<UUID> arriving(VolumeId volume) {
    return transfers.values().stream()
        .filter(transfer -> transfer.volume().equals(volume) && !transfer.isOver())
        .map(IncomingTransfer::id)
        .findFirst();
  }

  private synchronized IncomingTransfer find(Principal caller, @Nullable String id)
      throws FailureException {
    IncomingTransfer transfer = id == null ? null : transfers.get(parse(id));
    if (transfer == null || !caller.equals(new Principal.Node(transfer.sender()))) {
      throw TransferFailure.TRANSFER_NOT_FOUND.because("no transfer " + id + " was announced here");
    }
    return transfer;
  }

  private static UUID parse(String id) throws FailureException {
    try {
      return Uuids.parse("transfer", id);
    } catch (IllegalArgumentException e) {
      throw TransferFailure.TRANSFER_NOT_FOUND.because(String.valueOf(e.getMessage()));
    }
  }

  private IncomingTransfer judged(NodeId caller, TransferPlan plan) throws FailureException {
    VolumeLocks.Lease lease = locks.own(plan.lineage(), "transfer " + plan.id());
    try {
      ReceiveTarget target = judge.judge(caller, plan);
      return new IncomingTransfer(
          plan, target, lease, storage, replicas, events, board, settings.pipeBytes());
    } catch (FailureException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /** One that is being judged counts too: many may be announced at once. */
  private synchronized void reserve(UUID id) throws FailureException {
    if (transfers.containsKey(id) || announcing.contains(id)) {
      throw RequestFailure.MALFORMED_REQUEST.because("transfer " + id + " was announced before");
    }
    long live =
        announcing.size()
            + transfers.values().stream().filter(transfer -> !transfer.isOver()).count();
    if (live >= limit) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          "this node takes " + limit + " streams at once, and " + live + " are under way");
    }
    boolean _ = announcing.add(id);
  }

  private synchronized void giveBack(UUID id) {
    boolean _ = announcing.remove(id);
  }

  private synchronized void remember(UUID id, IncomingTransfer transfer) {
    boolean _ = announcing.remove(id);
    Instant oldest = Instant.now().minus(KEPT);
    transfers
        .values()
        .removeIf(other ->
            other.isOver() && (transfers.size() >= MAX_KEPT || other.announced().isBefore(oldest)));
    transfers.put(id, transfer);
  }
}
