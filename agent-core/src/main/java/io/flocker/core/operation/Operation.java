package io.flocker.core.operation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.operation.OperationObserver.Moment;
import io.flocker.core.operation.OperationStore.Kept;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One operation: what it is, how far it is, and whether it may still be ended. Any thread. */
final class Operation implements OperationContext {
  /** Between two observations of progress. */
  private static final long PACE_NANOS = 500_000_000;

  private final Kept begun;
  private final OperationBody body;
  private final Action action;
  private final OperationObserver observer;
  private final ProgressMeter meter = new ProgressMeter();
  private final AtomicLong observedNanos = new AtomicLong(System.nanoTime());
  private final CountDownLatch end = new CountDownLatch(1);

  private OperationState state;
  private String phase;
  private boolean isCancelled;
  private boolean isStopped;
  private boolean isPastCommit;
  private @Nullable Runnable hook;
  private @Nullable OperationView last;

  /**
   * One that has not begun.
   *
   * @param begun as it is kept
   */
  Operation(Kept begun, OperationBody body, Action action, OperationObserver observer) {
    this.begun = begun;
    this.body = body;
    this.action = action;
    this.observer = observer;
    this.state = begun.view().state();
    this.phase = begun.view().phase();
    this.isPastCommit = body.onlyGoesForward();
  }

  @Override
  public UUID id() {
    return begun.view().id();
  }

  Principal owner() {
    return begun.owner();
  }

  /** How often it will have begun; empty for one that is kept as begun already. */
  OptionalInt attempt() {
    return begun.view().state() == OperationState.QUEUED
        ? OptionalInt.of(begun.attempts() + 1)
        : OptionalInt.empty();
  }

  /** Opens when the operation has ended, and is kept so. */
  CountDownLatch end() {
    return end;
  }

  /** Tells the observer how it is now; nothing more once it was told of the end. */
  synchronized void tell(Moment moment) {
    if (last == null) {
      observer.changed(moment, owner(), view());
    }
  }

  /** It is kept as begun now. */
  synchronized void begin() throws FailureException {
    state = OperationState.RUNNING;
    phase("starting");
  }

  /** Does what it is there for, within its action. */
  Map<String, Object> run() throws Exception {
    return action.call(() -> body.run(this));
  }

  /** Ends its action, also where its body did not run. */
  void giveUp(Throwable cause) {
    action.fail(cause);
  }

  @Override
  public synchronized void phase(String name) throws FailureException {
    refuseEnding();
    phase = name;
    tell(Moment.PHASE);
  }

  @Override
  public void progress(long bytes, long estimateBytes) {
    long now = System.nanoTime();
    meter.report(bytes, estimateBytes, now);
    long before = observedNanos.get();
    if (now - before >= PACE_NANOS && observedNanos.compareAndSet(before, now)) {
      tell(Moment.PROGRESS);
    }
  }

  @Override
  public void onCancel(Runnable wanted) {
    synchronized (this) {
      hook = wanted;
      if (!isCancelled && !isStopped) {
        return;
      }
    }
    wanted.run();
  }

  @Override
  public synchronized void pastCommit() throws FailureException {
    refuseEnding();
    isPastCommit = true;
  }

  /**
   * Asks it to end; once asked, it is not asked again.
   *
   * @throws FailureException {@code PAST_COMMIT} or {@code OPERATION_ENDED}
   */
  void cancel() throws FailureException {
    Runnable told;
    synchronized (this) {
      if (state.isEnd()) {
        throw OwnershipFailure.OPERATION_ENDED.because(
            kind() + " " + id() + " has ended: it is " + state);
      }
      if (isCancelled) {
        return;
      }
      if (isPastCommit) {
        throw OwnershipFailure.PAST_COMMIT.because(kind() + " " + id() + " only goes forward now");
      }
      isCancelled = true;
      told = hook;
    }
    if (told != null) {
      told.run();
    }
  }

  /** Asks it to leave off, to go on after the next start; one past its commit goes on now. */
  void stop() {
    Runnable told;
    synchronized (this) {
      isStopped = true;
      told = isPastCommit ? null : hook;
    }
    if (told != null) {
      told.run();
    }
  }

  /** Whether a failure only means that it was told to leave off. */
  synchronized boolean isLeftOff() {
    return isStopped && !isCancelled;
  }

  /** How it will be once it has ended well. */
  synchronized OperationView succeeded(Map<String, Object> result, Instant now) {
    return view(OperationState.SUCCEEDED, Optional.of(now), Optional.of(result), Optional.empty());
  }

  /** How it will be once it has ended badly at {@code self}. */
  synchronized OperationView failed(Throwable cause, NodeId self, Instant now) {
    FailureException failure = isCancelled ? cancellation().causedBy(cause) : known(cause);
    return view(
        isCancelled ? OperationState.CANCELLED : OperationState.FAILED,
        Optional.of(now),
        Optional.empty(),
        Optional.of(failure.toldBy(self).document()));
  }

  /** Ends it as {@code ended} says. */
  void end(OperationView ended) {
    synchronized (this) {
      state = ended.state();
      last = ended;
      observer.changed(Moment.ENDED, owner(), ended);
    }
    end.countDown();
  }

  synchronized OperationView view() {
    return last == null ? view(state, Optional.empty(), Optional.empty(), Optional.empty()) : last;
  }

  private OperationView view(
      OperationState now,
      Optional<Instant> finished,
      Optional<Map<String, Object>> result,
      Optional<Map<String, Object>> problem) {
    Progress progress = meter.at(System.nanoTime());
    return new OperationView(
        id(),
        kind(),
        now,
        begun.view().volume(),
        begun.view().volumeName(),
        begun.view().started(),
        finished,
        phase,
        progress.bytes(),
        progress.totalBytes(),
        progress.bytesPerSecond(),
        progress.etaSeconds(),
        result,
        problem);
  }

  private String kind() {
    return begun.view().kind();
  }

  private void refuseEnding() throws FailureException {
    if (isCancelled) {
      throw cancellation();
    }
    if (isStopped && !isPastCommit) {
      throw RequestFailure.SHUTTING_DOWN.because(kind() + " " + id() + " goes on later");
    }
  }

  private FailureException cancellation() {
    return TransferFailure.CANCELLED.because(kind() + " " + id() + " was cancelled");
  }

  private FailureException known(Throwable cause) {
    FailureException known =
        cause instanceof FailureException failed
            ? failed
            : RequestFailure.INTERNAL_ERROR
                .because("The node's log has the cause under this operation's id.")
                .causedBy(cause);
    return known.foundUnder(id());
  }
}
