package io.flocker.core.deploy.converge;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import org.jspecify.annotations.Nullable;

/** Whether a change that is under way is still wanted. Any thread. */
public final class Cancellation {
  private boolean isCancelled;
  private @Nullable Runnable hook;

  /** Of a change that is wanted. */
  public Cancellation() {}

  /** The change is not wanted any more; what is past its commit is finished all the same. */
  public void cancel() {
    Runnable told;
    synchronized (this) {
      isCancelled = true;
      told = hook;
      hook = null;
    }
    if (told != null) {
      told.run();
    }
  }

  /** Whether the change is not wanted any more. */
  public synchronized boolean isCancelled() {
    return isCancelled;
  }

  /**
   * Wants to be told when the change is not wanted any more; at once if it is not. One hook at a
   * time: the next one replaces it.
   *
   * @param wanted may be called by any thread; it does not wait for the change
   */
  public void onCancel(Runnable wanted) {
    synchronized (this) {
      if (!isCancelled) {
        hook = wanted;
        return;
      }
    }
    wanted.run();
  }

  /**
   * Goes on only with what is wanted.
   *
   * @throws FailureException {@code CANCELLED}
   */
  public void check() throws FailureException {
    if (isCancelled()) {
      throw TransferFailure.CANCELLED.because("another wish has come");
    }
  }
}
