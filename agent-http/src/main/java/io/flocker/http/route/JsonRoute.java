package io.flocker.http.route;

/** A route whose request body is JSON, or none, served on a virtual thread. */
public record JsonRoute(Declaration declaration, JsonHandler handler) implements Route {
  /**
   * Begins to declare a route that changes nothing.
   *
   * @param id what it is called in documents and generated clients, such as {@code listVolumes}
   */
  public static RouteDraft get(String id, String path) {
    return new RouteDraft(id, "GET", path);
  }

  /** Begins to declare a route that makes something, or starts an operation. */
  public static RouteDraft post(String id, String path) {
    return new RouteDraft(id, "POST", path);
  }

  /** Begins to declare a route that replaces what is there. */
  public static RouteDraft put(String id, String path) {
    return new RouteDraft(id, "PUT", path);
  }

  /** Begins to declare a route that changes parts of what is there. */
  public static RouteDraft patch(String id, String path) {
    return new RouteDraft(id, "PATCH", path);
  }

  /** Begins to declare a route that ends what is there. */
  public static RouteDraft delete(String id, String path) {
    return new RouteDraft(id, "DELETE", path);
  }

  /** The same route, served by another handler. */
  public JsonRoute handledBy(JsonHandler other) {
    return new JsonRoute(declaration, other);
  }
}
