package io.flocker.http.route;

import io.flocker.core.failure.FailureException;

/** Serves an event route. */
@FunctionalInterface
public interface EventHandler {
  /**
   * Opens what {@code request} wants to listen to. On the event loop: must not block.
   *
   * @param ready to be called, by any thread, whenever the source may have something
   * @throws FailureException refuses it; becomes the response
   */
  EventSource open(EventRequest request, Runnable ready) throws FailureException;
}
