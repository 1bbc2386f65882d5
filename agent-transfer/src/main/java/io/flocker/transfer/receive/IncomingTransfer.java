package io.flocker.transfer.receive;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.StreamInspector;
import io.flocker.core.transfer.TransferDirection;
import io.flocker.core.transfer.TransferEvents;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Replicas;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.http.problem.Problem;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.protocol.TransferResult;
import io.flocker.transfer.protocol.TransferResult.State;
import io.flocker.transfer.stream.Received;
import io.flocker.transfer.stream.Reception;
import io.flocker.transfer.stream.StreamReceiver;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream that was announced: what is done about it, and how far it has come. Holds the volume's
 * exclusive lock from the announcement to its end.
 */
final class IncomingTransfer implements Reception {
  private final TransferPlan plan;
  private final ReceiveTarget target;
  private volatile VolumeLocks.Lease lease;
  private final Storage storage;
  private final Replicas replicas;
  private final int pipeBytes;
  private final Consumer<IncomingTransfer> settled;
  private final Action action;
  private final TransferEvents telling;
  private final TransferBoard board;

  private volatile State state = State.ANNOUNCED;
  private volatile long bytes;
  private volatile List<Guid> snapshots = List.of();
  private volatile @Nullable Map<String, Object> problem;
  private volatile @Nullable Child child;
  private volatile TransferBoard.@Nullable Entry entry;
  private @Nullable StreamReceiver body;
  private @Nullable FailureException ending;

  IncomingTransfer(
      TransferPlan plan,
      ReceiveTarget target,
      VolumeLocks.Lease lease,
      Storage storage,
      Replicas replicas,
      EventSink events,
      TransferBoard board,
      int pipeBytes,
      Consumer<IncomingTransfer> settled) {
    this.settled = settled;
    this.telling = TransferEvents.receiving(events, plan);
    this.plan = plan;
    this.target = target;
    this.lease = lease;
    this.storage = storage;
    this.replicas = replicas;
    this.pipeBytes = pipeBytes;
    this.board = board;
    this.action =
        Action.start(
            ActionType.TRANSFER_RECEIVE,
            Map.of(
                "transfer", plan.id().toString(),
                "volume", plan.lineage().toString(),
                "dataset", target.dataset(),
                "kind", plan.kind().toString(),
                "to", plan.last().guid().toString()));
  }

  UUID id() {
    return plan.id();
  }

  VolumeId volume() {
    return plan.lineage();
  }

  NodeId sender() {
    return plan.owner();
  }

  /** Whether its body has not come yet, and may. */
  boolean isWaiting() {
    return state == State.ANNOUNCED;
  }

  boolean isOver() {
    return state == State.RECEIVED || state == State.FAILED;
  }

  /**
   * Turns an announced transfer into a running one.
   *
   * @throws FailureException {@code RECEIVE_IN_PROGRESS} for the second body of one announcement
   */
  synchronized void begin() throws FailureException {
    if (state != State.ANNOUNCED) {
      throw TransferFailure.RECEIVE_IN_PROGRESS.because(
          "transfer " + plan.id() + " has its body already: it is " + state);
    }
    state = State.RECEIVING;
    entry = board.begin(TransferDirection.IN, plan, plan.owner(), () -> bytes);
  }

  /** Tells what moves the body of one that has begun, so that {@link #end} can end it. */
  void movedBy(StreamReceiver receiver) {
    FailureException why;
    synchronized (this) {
      body = receiver;
      why = ending;
    }
    if (why != null) {
      receiver.end(why);
    }
  }

  /** Ends it, whether its body has come or not; one that is over stays as it is. Any thread. */
  void end(FailureException why) {
    StreamReceiver receiver;
    synchronized (this) {
      boolean _ = endBeforeItBegins(why);
      ending = why;
      receiver = body;
    }
    if (receiver != null) {
      receiver.end(why);
    }
  }

  /**
   * Gives up an announcement whose body never came; one that runs or is over stays as it is.
   *
   * @return whether it was given up
   */
  synchronized boolean expire() {
    return endBeforeItBegins(
        TransferFailure.PEER_SILENT.because(
            "the body of transfer " + plan.id() + " did not come in time"));
  }

  /** Ends it if its body has not come yet; tells whether it did. */
  private synchronized boolean endBeforeItBegins(FailureException why) {
    boolean isIdle = isWaiting();
    if (isIdle) {
      finish(Optional.of(why));
    }
    return isIdle;
  }

  /** Ends one that has begun and whose body nobody takes. */
  void giveUp(Throwable cause) {
    finish(Optional.of(known(cause)));
  }

  TransferResult result() {
    return new TransferResult(plan.id(), state, bytes, snapshots, Optional.ofNullable(problem));
  }

  @Override
  public StreamInspector inspector() {
    return storage.inspector(target.expecting(plan));
  }

  @Override
  public boolean isSenderHeard() {
    return true;
  }

  /** Its sender asks after it: nobody has forgotten it there. */
  synchronized void asked() {
    if (body != null) {
      body.senderHeard();
    }
  }

  @Override
  public Child start() throws FailureException {
    if (target.isCut()) {
      storage.abandonReceive(target.dataset());
    }
    if (!target.isFit()) {
      replicas.makeFit(target.dataset(), Map.of()); // What the plan says waits for the proof.
    }
    for (Map.Entry<String, String> names : target.renamed().entrySet()) {
      storage.renameSnapshot(target.dataset(), names.getKey(), names.getValue());
    }
    Child started = storage.receive(target.dataset(), pipeBytes);
    child = started;
    return started;
  }

  @Override
  public void progress(long received) {
    bytes = received;
    telling.progress(received);
  }

  @Override
  public Object received(Received stream) throws FailureException {
    bytes = stream.proof().bytes();
    try {
      takeOver();
    } catch (FailureException | RuntimeException e) {
      FailureException why = known(e);
      finish(Optional.of(why));
      throw why;
    }
    action.log(MessageType.TRANSFER_PROVEN, Map.of("proof", stream.proof().toString()));
    finish(Optional.empty());
    return result();
  }

  /** Whoever comes too late is told what the volume waits for. */
  @Override
  public void given() {
    Child receiving = child;
    if (receiving != null) {
      lease =
          lease.passOn(
              "transfer %s, whose process %d has the whole stream and has not ended,"
                  .formatted(plan.id(), receiving.pid()));
    }
  }

  @Override
  public FailureException failed(FailureException why) {
    FailureException explained = why;
    try {
      explained = ReceiveDiagnosis.explain(storage, target.dataset(), child, why);
      settleWhatIsThere();
      if (explained.failure() == TransferFailure.STREAM_UNSUPPORTED) {
        abandonWhatIsSaved();
      }
      if (explained.failure() == StorageFailure.NO_SPACE) {
        explained = storage.pool().told(explained);
      }
    } catch (FailureException | RuntimeException e) {
      explained.addSuppressed(e);
    }
    finish(Optional.of(explained));
    return explained.foundUnder(action.task());
  }

  /**
   * The one end of every path: tells of it, and gives back all that was taken for the transfer. The
   * state comes last: whoever reads that it is over finds the volume free.
   *
   * @param end empty where the stream is here
   */
  private synchronized void finish(Optional<FailureException> end) {
    if (isOver()) {
      return;
    }
    Optional<FailureException> failure = end.map(why -> why.foundUnder(action.task()));
    problem = failure.map(why -> Problem.of(why).document()).orElse(null);
    try {
      failure.ifPresentOrElse(action::fail, () -> action.succeed(Map.of("bytes", bytes)));
      failure.ifPresentOrElse(telling::failed, () -> telling.succeeded(bytes));
      leaveBoard(failure.isEmpty());
    } finally {
      lease.close();
      state = failure.isEmpty() ? State.RECEIVED : State.FAILED;
      settled.accept(this);
    }
  }

  private static FailureException known(Throwable cause) {
    return cause instanceof FailureException failure
        ? failure
        : RequestFailure.INTERNAL_ERROR
            .because("what the stream brought could not be taken over")
            .causedBy(cause);
  }

  private void leaveBoard(boolean isGood) {
    TransferBoard.Entry running = entry;
    if (running != null && isGood) {
      running.succeed();
    } else if (running != null) {
      running.close();
    }
  }

  /** Makes what has come this node's copy, if it is what was announced. */
  private void takeOver() throws FailureException {
    Dataset copy = copy();
    snapshots = newest(copy);
    requireSnapshots(copy);
    settle(copy);
    tellOf(copy);
  }

  /**
   * An -I batch that broke off leaves those of its snapshots that were whole, if the copy is its
   * owner's already. Nobody becomes the owner by a stream that failed: what came of one that
   * somebody else has claimed the copy with goes again.
   */
  private void settleWhatIsThere() throws FailureException {
    Optional<Dataset> there = storage.afterFailedReceive(target.dataset(), target.latest());
    if (there.isEmpty() || there.get().snapshots().isEmpty()) {
      return;
    }
    Dataset copy = there.get();
    if (endsWithTheLast(copy)) {
      settle(copy); // It was held back until the proof agreed.
    } else if (!replicas.isRecorded(plan.claim(), copy)) {
      takeBack(copy);
      return;
    }
    snapshots = newest(copy);
    tellOf(copy);
  }

  /**
   * Each try to go on with what this ZFS cannot take would end as this one has: the next stream
   * begins anew. OpenZFS saves it all the same (openzfs#12480, embedded data into an encrypted
   * dataset).
   */
  private void abandonWhatIsSaved() throws FailureException {
    if (storage.dataset(target.dataset()).flatMap(Dataset::resumeToken).isPresent()) {
      storage.abandonReceive(target.dataset());
    }
  }

  private boolean endsWithTheLast(Dataset copy) {
    return copy.latest().map(Snapshot::guid).equals(Optional.of(plan.last().guid()));
  }

  /** The volume is this transfer's alone: nothing else can have come since. */
  private void takeBack(Dataset copy) throws FailureException {
    Optional<Snapshot> before = target.latest();
    if (before.isEmpty()) {
      storage.destroy(copy.name());
    } else if (!copy.latest().map(Snapshot::guid).equals(before.map(Snapshot::guid))) {
      storage.abandonReceive(copy.name());
      // What was to be renamed may not have been.
      String name =
          copy.snapshot(before.get().guid()).map(Snapshot::name).orElse(before.get().name());
      storage.rollBack(copy.name(), name, true);
    }
  }

  private Dataset copy() throws FailureException {
    return storage
        .dataset(target.dataset())
        .orElseThrow(() ->
            TransferFailure.WRONG_GUID.because(
                target.dataset() + " is not there although zfs receive ended well"));
  }

  private void requireSnapshots(Dataset copy) throws FailureException {
    Set<Guid> there = new HashSet<>(guids(copy));
    List<SnapshotReference> missing =
        plan.snapshots().stream().filter(wanted -> !there.contains(wanted.guid())).toList();
    if (!missing.isEmpty() || !endsWithTheLast(copy)) {
      FailureException why =
          TransferFailure.WRONG_GUID.because(
              target.dataset()
                  + " ends with "
                  + copy.latest().map(Snapshot::guid).map(Guid::toString).orElse("nothing")
                  + ", "
                  + plan.last().guid()
                  + " was announced");
      try {
        takeBack(copy);
      } catch (FailureException | RuntimeException e) {
        why.addSuppressed(e);
      }
      throw why;
    }
  }

  /** Of a batch that broke off only what is there. */
  private void tellOf(Dataset copy) {
    Set<Guid> sent = new HashSet<>();
    plan.snapshots().forEach(snapshot -> sent.add(snapshot.guid()));
    replicas.received(
        plan.lineage(),
        copy.snapshots().stream().filter(snapshot -> sent.contains(snapshot.guid())).toList());
  }

  private void settle(Dataset copy) throws FailureException {
    replicas.makeFit(copy.name(), plan.properties());
    replicas.record(plan.claim(), copy);
  }

  private static List<Guid> guids(Dataset dataset) {
    return dataset.snapshots().stream().map(Snapshot::guid).toList();
  }

  private static List<Guid> newest(Dataset dataset) {
    List<Guid> all = guids(dataset);
    return List.copyOf(
        all.subList(Math.max(0, all.size() - TransferResult.MOST_SNAPSHOTS), all.size()));
  }
}
