package io.flocker.http.route;

/**
 * A route that answers with events for as long as its caller listens, served on the connection's
 * event loop. It takes no body.
 */
public record EventRoute(Declaration declaration, EventHandler handler) implements Route {
  /** Begins to declare a route that is listened to. */
  public static RouteDraft get(String id, String path) {
    return new RouteDraft(id, "GET", path);
  }
}
