package io.flocker.core.process;

import io.flocker.core.failure.FailureException;

/** Takes what a command says, line by line as it comes, so that nobody has to hold all of it. */
@FunctionalInterface
public interface LineConsumer {
  /**
   * Takes one line, without its end. Called by one thread at a time.
   *
   * @throws FailureException what is wrong with it; no further line follows, and whoever runs the
   *     command is told
   */
  void take(String line) throws FailureException;
}
