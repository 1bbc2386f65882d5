package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.Wait;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One try to bring a copy up to date, or to compare it, while it is under way. Any thread. */
final class ReplicationRun implements OperationContext {
  private final UUID id;
  private final Copy copy;
  private final InstantSource clock;
  private final PhaseWatch watch;
  private final FanOut fanOut;
  private final Instant began;
  private @Nullable Instant snapshotBegun;
  private @Nullable FailureException reason;
  private @Nullable Runnable hook;
  private @Nullable Thread thread;
  private long leftBytes;

  /** The first change that was seen since the snapshot was taken, or the run began. */
  private @Nullable Instant changedMeanwhile;

  /**
   * Begins.
   *
   * @param fanOut which other copies of the volume are brought up to date at the same time
   */
  ReplicationRun(UUID id, Copy copy, InstantSource clock, FanOut fanOut) {
    this.id = id;
    this.copy = copy;
    this.clock = clock;
    this.fanOut = fanOut;
    this.began = clock.instant();
    this.watch = new PhaseWatch(began);
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public boolean isInBackground() {
    return true;
  }

  Copy copy() {
    return copy;
  }

  FanOut fanOut() {
    return fanOut;
  }

  PhaseWatch watch() {
    return watch;
  }

  Instant began() {
    return began;
  }

  /** About how many bytes are still to be sent; 0 where that is unknown. */
  synchronized long leftBytes() {
    return leftBytes;
  }

  /** Does the work on this thread from now on. */
  synchronized void on(Thread worker) {
    thread = worker;
  }

  /** Something was written. */
  synchronized void changed(Instant when) {
    if (changedMeanwhile == null) {
      changedMeanwhile = when;
    }
  }

  synchronized Optional<Instant> changedMeanwhile() {
    return Optional.ofNullable(changedMeanwhile);
  }

  /** It sends the snapshot that another one began to take then, and nothing was written since. */
  synchronized void sends(Instant snapshot) {
    snapshotBegun = snapshot;
    changedMeanwhile = null;
  }

  /** It sends the snapshot that another one began to take then, but something was written since. */
  synchronized void sendsWhatIsOlder(Instant snapshot) {
    snapshotBegun = snapshot;
  }

  /** When the snapshot that it sends was begun; empty if it was not taken for copies. */
  synchronized Optional<Instant> snapshotBegun() {
    return Optional.ofNullable(snapshotBegun);
  }

  @Override
  public void phase(String name) throws FailureException {
    check();
    if (name.equals("queued")) {
      waitsFor(Wait.TURN);
    }
  }

  @Override
  public void waitsFor(Wait what) {
    if (what == Wait.SNAPSHOT) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      synchronized (this) {
        snapshotBegun = now;
        changedMeanwhile = null; // All that was seen until now will be in it.
      }
    }
    if (watch.what() != what) {
      watch.waitsFor(what, clock.instant());
    }
  }

  @Override
  public void moved(long sentBytes, long takenBytes) {
    watch.moved(sentBytes, takenBytes, clock.instant());
  }

  @Override
  public synchronized void progress(long bytes, long estimateBytes) {
    leftBytes = Math.max(0, estimateBytes - bytes);
  }

  @Override
  public void onCancel(Runnable wanted) {
    synchronized (this) {
      hook = wanted;
      if (reason == null) {
        return;
      }
    }
    wanted.run();
  }

  @Override
  public void pastCommit() throws FailureException {
    check();
  }

  /** Has it end soon, for that reason; the first one counts. Does not wait. */
  void end(FailureException why) {
    Runnable told;
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      told = hook;
    }
    if (told != null) {
      told.run();
    }
  }

  /** Ends what it waits for by force, once {@link #end} was called. */
  synchronized void interrupt() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Why it was ended from without; empty if it was not. */
  synchronized Optional<FailureException> reason() {
    return Optional.ofNullable(reason);
  }

  private synchronized void check() throws FailureException {
    if (reason != null) {
      throw reason;
    }
  }
}
