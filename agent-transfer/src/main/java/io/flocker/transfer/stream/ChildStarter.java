package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.Child;

/** Starts the child at the other end of a stream's pipe. */
@FunctionalInterface
public interface ChildStarter {
  /**
   * Starts the child; may block, but has a deadline of its own. Whoever called ends the child.
   *
   * @throws FailureException when it does not start; nothing is left running then
   */
  Child start() throws FailureException;
}
