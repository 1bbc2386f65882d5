package io.flocker.core.process;

import io.flocker.core.failure.FailureException;
import java.util.concurrent.CompletableFuture;

/** A child's stdout, which is read to its end, however much of it is wanted. */
interface Stdout {
  /** Completes at the end of it. */
  CompletableFuture<Void> drained();

  /**
   * What is kept of it as text; once it is drained.
   *
   * @throws FailureException if it cannot be used
   */
  String text() throws FailureException;
}
