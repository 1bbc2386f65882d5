package io.flocker.core.operation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One operation: what it is, how far it is, and whether it may still be ended. Any thread. */
final class Operation implements OperationContext {
  private final UUID id = UUID.randomUUID();
  private final String kind;
  private final Principal owner;
  private final VolumeId volume;
  private final Instant started;
  private final ProgressMeter meter = new ProgressMeter();
  private final CountDownLatch end = new CountDownLatch(1);

  private OperationState state = OperationState.RUNNING;
  private String phase = "starting";
  private boolean isCancelled;
  private boolean isPastCommit;
  private @Nullable Runnable hook;
  private @Nullable Instant finished;
  private @Nullable Map<String, Object> result;
  private @Nullable FailureException failure;

  Operation(String kind, Principal owner, VolumeId volume, Instant started) {
    this.kind = kind;
    this.owner = owner;
    this.volume = volume;
    this.started = started;
  }

  @Override
  public UUID id() {
    return id;
  }

  Principal owner() {
    return owner;
  }

  /** Opens when the operation has ended and is remembered. */
  CountDownLatch end() {
    return end;
  }

  @Override
  public synchronized void phase(String name) throws FailureException {
    refuseCancelled();
    phase = name;
  }

  @Override
  public void progress(long bytes, long estimateBytes) {
    meter.report(bytes, estimateBytes, System.nanoTime());
  }

  @Override
  public void onCancel(Runnable wanted) {
    synchronized (this) {
      hook = wanted;
      if (!isCancelled) {
        return;
      }
    }
    wanted.run();
  }

  @Override
  public synchronized void pastCommit() throws FailureException {
    refuseCancelled();
    isPastCommit = true;
  }

  /**
   * Asks it to end; what has ended stays as it is.
   *
   * @throws FailureException {@code PAST_COMMIT}
   */
  void cancel() throws FailureException {
    Runnable told;
    synchronized (this) {
      if (state != OperationState.RUNNING || isCancelled) {
        return;
      }
      if (isPastCommit) {
        throw OwnershipFailure.PAST_COMMIT.because(kind + " " + id + " only goes forward now");
      }
      isCancelled = true;
      told = hook;
    }
    if (told != null) {
      told.run();
    }
  }

  synchronized void succeed(Map<String, Object> outcome, Instant now) {
    state = OperationState.SUCCEEDED;
    result = outcome;
    finished = now;
  }

  synchronized void fail(Throwable cause, Instant now) {
    state = isCancelled ? OperationState.CANCELLED : OperationState.FAILED;
    failure = isCancelled ? cancellation().causedBy(cause) : known(cause);
    finished = now;
  }

  synchronized OperationView view() {
    Progress progress = meter.at(System.nanoTime());
    return new OperationView(
        id,
        kind,
        state,
        volume,
        started,
        Optional.ofNullable(finished),
        phase,
        progress.bytes(),
        progress.totalBytes(),
        progress.bytesPerSecond(),
        progress.etaSeconds(),
        Optional.ofNullable(result),
        Optional.ofNullable(failure).map(FailureException::document));
  }

  private void refuseCancelled() throws FailureException {
    if (isCancelled) {
      throw cancellation();
    }
  }

  private FailureException cancellation() {
    return TransferFailure.CANCELLED.because(kind + " " + id + " was cancelled");
  }

  private FailureException known(Throwable cause) {
    return cause instanceof FailureException failed
        ? failed
        : RequestFailure.INTERNAL_ERROR
            .because("The node's log has the cause under this operation's id.")
            .with("incident", id)
            .causedBy(cause);
  }
}
