package io.flocker.core.operation;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A wait of an operation's own thread that the operation's cancellation ends, by an interrupt that
 * comes at no other time: what comes before and after, such as a command of ZFS, is not to be cut.
 */
public final class CancellableWait {
  private @Nullable Thread waiting = Thread.currentThread();
  private boolean isInterrupted;

  private CancellableWait() {}

  /** What is waited for. */
  @FunctionalInterface
  public interface Wait<T, E extends Exception> {
    /** Waits for it; fails when the thread is interrupted. */
    T get() throws E;
  }

  /**
   * Waits for something that lets go of the thread when that is interrupted.
   *
   * @param context of the operation, whose hook this becomes
   */
  public static <T, E extends Exception> T of(OperationContext context, Wait<T, E> wait) throws E {
    return of(context::onCancel, wait);
  }

  /**
   * The same for what something else than an operation may end.
   *
   * @param onCancel is given the hook that ends it
   */
  public static <T, E extends Exception> T of(Consumer<Runnable> onCancel, Wait<T, E> wait)
      throws E {
    CancellableWait turn = new CancellableWait();
    onCancel.accept(turn::interrupt);
    try {
      return wait.get();
    } finally {
      turn.leave();
    }
  }

  private synchronized void interrupt() {
    if (waiting != null) {
      isInterrupted = true;
      waiting.interrupt();
    }
  }

  private synchronized void leave() {
    waiting = null;
    if (isInterrupted) {
      boolean _ = Thread.interrupted();
    }
  }
}
