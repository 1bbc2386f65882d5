package io.flocker.http.route;

import org.jspecify.annotations.Nullable;

/** Tells whoever works for a caller that it has gone before its response. Any thread. */
public final class Departure {
  private @Nullable Runnable hook;
  private boolean hasGone;

  /**
   * Has {@code wanted} run once the caller has gone, at once if it has; the next one replaces it.
   *
   * @param wanted ends what is done for the caller alone; it does not block
   */
  public void then(Runnable wanted) {
    synchronized (this) {
      hook = wanted;
      if (!hasGone) {
        return;
      }
    }
    wanted.run();
  }

  /** The caller has gone. Idempotent. */
  public void tell() {
    Runnable wanted;
    synchronized (this) {
      if (hasGone) {
        return;
      }
      hasGone = true;
      wanted = hook;
    }
    if (wanted != null) {
      wanted.run();
    }
  }
}
