package io.flocker.core.loop;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Whether something has happened since it was looked last. Any thread, event loops too. */
public final class Waker {
  private final Semaphore woken = new Semaphore(0);

  /** Nothing has happened yet. */
  public Waker() {}

  /** Something has happened. */
  public void wake() {
    woken.release();
  }

  /** Waits until something has happened, as many times as it may be. */
  void await() throws InterruptedException {
    woken.acquire();
    int _ = woken.drainPermits();
  }

  /** The same, so long at most; whether anything has happened. */
  boolean await(long nanos) throws InterruptedException {
    boolean isWoken = woken.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    if (isWoken) {
      int _ = woken.drainPermits();
    }
    return isWoken;
  }
}
