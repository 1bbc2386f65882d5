package io.flocker.http;

import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.http.route.StreamHandler;
import io.flocker.http.route.StreamRoute;
import java.util.Optional;

/** Routes as tests declare them. */
public final class Routes {
  private static final String PERMISSION = "test:use";

  private Routes() {}

  /** A route for users that takes no body, and answers {@code test-output}. */
  public static JsonRoute get(String path, JsonHandler handler) {
    return new JsonRoute(
        "GET",
        path,
        Route.PUBLIC,
        PERMISSION,
        Optional.empty(),
        Optional.of("test-output"),
        handler);
  }

  /** A route for users that takes {@code test-user-input}. */
  public static JsonRoute post(String path, JsonHandler handler) {
    return new JsonRoute(
        "POST",
        path,
        Route.PUBLIC,
        PERMISSION,
        Optional.of("test-user-input"),
        Optional.of("test-output"),
        handler);
  }

  /** A route for nodes that takes {@code test-node-input}. */
  public static JsonRoute nodePut(String path, JsonHandler handler) {
    return new JsonRoute(
        "PUT",
        path,
        Route.NODES,
        PERMISSION,
        Optional.of("test-node-input"),
        Optional.of("test-output"),
        handler);
  }

  /** A route for streams between nodes. */
  public static StreamRoute stream(String path, StreamHandler handler) {
    return new StreamRoute(
        "PUT", path, Route.NODES, PERMISSION, "application/octet-stream", handler);
  }
}
