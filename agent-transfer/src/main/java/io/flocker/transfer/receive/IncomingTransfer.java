package io.flocker.transfer.receive;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream that was announced: how far it has come, and who is told of its end. What becomes of
 * its {@link ReceivedCopy} is decided there. Holds the volume's exclusive lock from the
 * announcement to its end.
 */
final class IncomingTransfer implements Reception {
  private final TransferPlan plan;
  private final ReceiveTarget target;
  private volatile VolumeLocks.Lease lease;
  private final Storage storage;
  private final ReceivedCopy copy;
  private final int pipeBytes;
  private final Consumer<IncomingTransfer> settled;
  private final Action action;
  private final TransferEvents telling;
  private final TransferBoard board;

  private volatile State state = State.ANNOUNCED;
  private volatile long bytes;
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
    this.copy = new ReceivedCopy(plan, target, storage, replicas);
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
    finish(Optional.of(asFailure(cause)));
  }

  TransferResult result() {
    return new TransferResult(
        plan.id(), state, bytes, copy.snapshots(), Optional.ofNullable(problem));
  }

  @Override
  public StreamInspector inspector() {
    return storage.inspector(target.expecting(plan));
  }

  @Override
  public boolean isSenderHeard() {
    return true;
  }

  /** Its sender asks how it fares, and so is still at work on it. */
  synchronized void asked() {
    if (body != null) {
      body.senderHeard();
    }
  }

  @Override
  public Child start() throws FailureException {
    copy.makeReady();
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
      copy.takeOver();
    } catch (FailureException | RuntimeException e) {
      FailureException why = asFailure(e);
      finish(Optional.of(why));
      throw why;
    }
    action.log(MessageType.TRANSFER_PROVEN, Map.of("proof", stream.proof().toString()));
    finish(Optional.empty());
    return result();
  }

  /** From now on the lock names the process, for whoever is refused the volume meanwhile. */
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
      copy.settleAfterFailure();
      if (explained.failure() == TransferFailure.STREAM_UNSUPPORTED) {
        copy.abandonSavedState();
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

  private static FailureException asFailure(Throwable cause) {
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
}
