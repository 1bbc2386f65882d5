package io.flocker.http.server;

import java.time.Duration;

/** Hears of every response, on the connection's event loop: it never blocks. */
@FunctionalInterface
public interface RequestObserver {
  /** Hears nothing. */
  RequestObserver NONE = (_, _, _, _) -> {};

  /**
   * Is told of one response.
   *
   * @param method of the request; {@code other} unless the route has it
   * @param route the path template; {@code none} for a request that no route is for
   * @param lasted from the request's head to the response's
   */
  void responded(String method, String route, int status, Duration lasted);
}
