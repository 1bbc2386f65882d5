package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The control side of one stream, plain blocking code on a virtual thread: starts the child, waits
 * for the verdict that the event loop comes to, ends the child, and says how both ended.
 *
 * <p>The verdict falls on the loop, so that no descriptor can be taken after it; only where the
 * loop itself has ended does it fall elsewhere.
 *
 * @param <V> what the verdict can be
 */
final class ChildRun<V> {
  /** The event loop's side. The first three are called on the loop. */
  interface Mover<V> {
    /** The child runs: take its descriptor. Not called once there is a verdict. */
    void attach(Child child);

    /** The child has ended by itself. Not called once there is a verdict. */
    void exited(Exit exit);

    /** There is a verdict: close the pipe, release what is queued. Called once. */
    void stop(V verdict);

    /** The verdict where it is not for the loop to find one. */
    V broken(FailureException why);

    /** The child has ended, or never was. Called last, once, on the virtual thread; may block. */
    void finish(V verdict, Optional<ChildEnd> child);
  }

  private final ChildStarter starter;
  private final Mover<V> mover;
  private final CompletableFuture<V> verdict = new CompletableFuture<>();
  private final AtomicBoolean isBegun = new AtomicBoolean();

  ChildRun(ChildStarter starter, Mover<V> mover) {
    this.starter = starter;
    this.mover = mover;
  }

  /** Starts the child, whose bytes {@code loop} is to move. Idempotent. */
  void begin(EventLoop loop) {
    if (isBegun.compareAndSet(false, true)) {
      Thread.ofVirtual().name("stream-child").start(() -> conclude(start(loop)));
    }
  }

  /** Whether there is a verdict. Any thread. */
  boolean isSettled() {
    return verdict.isDone();
  }

  /** The verdict; only the first one counts. On the loop. */
  void settle(V reached) {
    if (!verdict.complete(reached)) {
      return;
    }
    try {
      mover.stop(reached);
    } finally {
      if (isBegun.compareAndSet(false, true)) {
        Thread.ofVirtual().name("stream-verdict").start(() -> conclude(null));
      }
    }
  }

  /** Runs {@code task} on the loop; settles at once where the loop has ended. Any thread. */
  void onLoop(EventLoop loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException _) {
      settle(mover.broken(TransferFailure.CANCELLED.because("the node is shutting down")));
    }
  }

  private @Nullable Child start(EventLoop loop) {
    if (isSettled()) {
      return null;
    }
    try {
      Child child = starter.start();
      onLoop(loop, () -> attach(child));
      child.exit().thenAccept(exit -> onLoop(loop, () -> exited(exit)));
      return child;
    } catch (FailureException e) {
      onLoop(loop, () -> settle(mover.broken(e)));
    } catch (RuntimeException e) {
      FailureException failure =
          RequestFailure.INTERNAL_ERROR.because("the child could not be started").causedBy(e);
      onLoop(loop, () -> settle(mover.broken(failure)));
    }
    return null;
  }

  private void attach(Child child) {
    if (!isSettled()) {
      mover.attach(child);
    }
  }

  private void exited(Exit exit) {
    if (!isSettled()) {
      mover.exited(exit);
    }
  }

  /** Whoever waits for the end is told, also where nobody can say how the child ended. */
  private void conclude(@Nullable Child child) {
    V reached = verdict.join();
    Optional<ChildEnd> end = Optional.empty();
    try {
      end = Optional.ofNullable(child).map(ChildEnd::of);
    } catch (RuntimeException e) {
      Action.traceback(e);
    }
    mover.finish(reached, end);
  }
}
