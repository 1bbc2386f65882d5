package io.flocker.http;

import io.flocker.http.route.Caller;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import io.flocker.http.route.RouteDraft;
import io.flocker.http.route.StreamHandler;
import io.flocker.http.route.StreamRoute;
import java.util.Set;

/** Routes as tests declare them. */
public final class Routes {
  private static final String PERMISSION = "test:use";

  private Routes() {}

  /** A route for users that takes {@code q}, no body, and answers {@code test-output}. */
  public static JsonRoute get(String path, JsonHandler handler) {
    return answering(JsonRoute.get("getTest", path), Route.PUBLIC)
        .heeds(Parameter.query("q", "namespace", "What a test asks for."))
        .servedBy(handler);
  }

  /** A route for users that answers what the schema {@code answer} describes. */
  public static JsonRoute get(String path, String answer, JsonHandler handler) {
    return JsonRoute.get("getTestOf", path)
        .permits(PERMISSION, Route.PUBLIC)
        .answers(answer)
        .servedBy(handler);
  }

  /** The same, whose answer may wait: that takes {@code wait} too. */
  public static JsonRoute waiting(String path, JsonHandler handler) {
    return answering(JsonRoute.get("waitTest", path), Route.PUBLIC)
        .heeds(Parameter.query(Parameter.WAIT, "wait", "How long a test waits."))
        .servedBy(handler);
  }

  /** A route for users that takes {@code test-user-input}. */
  public static JsonRoute post(String path, JsonHandler handler) {
    return answering(JsonRoute.post("postTest", path), Route.PUBLIC)
        .takes("test-user-input")
        .servedBy(handler);
  }

  /** A route for nodes that takes {@code test-node-input}. */
  public static JsonRoute nodePut(String path, JsonHandler handler) {
    return answering(JsonRoute.put("putTest", path), Route.NODES)
        .takes("test-node-input")
        .servedBy(handler);
  }

  /** A route for streams between nodes. */
  public static StreamRoute stream(String path, StreamHandler handler) {
    return answering(StreamRoute.put("streamTest", path), Route.NODES)
        .takesRaw("application/octet-stream")
        .streamedTo(handler);
  }

  private static RouteDraft answering(RouteDraft draft, Set<Caller> callers) {
    return draft
        .permits(PERMISSION, callers)
        .answers("test-output")
        .creates("test-output")
        .answersNothing();
  }
}
