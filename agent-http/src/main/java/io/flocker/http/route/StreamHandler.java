package io.flocker.http.route;

import io.flocker.core.failure.FailureException;

/** Serves a stream route. */
@FunctionalInterface
public interface StreamHandler {
  /**
   * Takes a request whose head has come, before 100 (Continue) is sent. On the event loop: must not
   * block.
   *
   * @throws FailureException refuses it; becomes the response, and the body is not read
   */
  StreamBody open(StreamExchange exchange) throws FailureException;
}
