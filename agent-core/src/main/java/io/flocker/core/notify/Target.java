package io.flocker.core.notify;

import io.flocker.core.failure.FailureException;

/** Whoever is told. One thread at a time. */
public interface Target {
  /** How logs and rows call it. */
  String name();

  /**
   * Tells it, once; blocks, for a bounded time.
   *
   * @throws FailureException if it has not said that it took it
   */
  void tell(Notification notification) throws FailureException, InterruptedException;
}
