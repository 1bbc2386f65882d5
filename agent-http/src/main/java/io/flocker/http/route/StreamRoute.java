package io.flocker.http.route;

/** A route whose request body is a stream of any length, served on the connection's event loop. */
public record StreamRoute(Declaration declaration, StreamHandler handler) implements Route {
  /** Begins to declare a route that takes a stream. */
  public static RouteDraft put(String id, String path) {
    return new RouteDraft(id, "PUT", path);
  }

  /** Begins to declare a route that takes a stream into something new. */
  public static RouteDraft post(String id, String path) {
    return new RouteDraft(id, "POST", path);
  }

  /** The only Content-Type that it takes. */
  public String mediaType() {
    return declaration.request().orElseThrow().mediaType();
  }
}
