package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Storage;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Who this node is, what it speaks and what its storage can do. Any thread. */
public final class NodeRoutes {
  /** What never changes while the daemon runs. */
  public record Identity(NodeId node, Era era, URI url, VersionDocument version) {}

  private final Identity identity;
  private final Storage storage;
  private final Supplier<List<List<String>>> stuck;

  /**
   * The routes of one node.
   *
   * @param stuck tells the control commands that do not end, not even when killed
   */
  public NodeRoutes(Identity identity, Storage storage, Supplier<List<List<String>>> stuck) {
    this.identity = identity;
    this.storage = storage;
    this.stuck = stuck;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        get("/v1/version", "version", this::version), get("/v1/node", "node", this::node));
  }

  private static Route get(String path, String outputSchema, JsonHandler handler) {
    return new JsonRoute(
        "GET",
        path,
        Route.PUBLIC,
        "node:read",
        Optional.empty(),
        Optional.of(outputSchema),
        handler);
  }

  private JsonResponse version(JsonRequest request) {
    return JsonResponse.ok(identity.version());
  }

  private JsonResponse node(JsonRequest request) throws FailureException {
    return JsonResponse.ok(
        new NodeDocument(
            identity.node(),
            identity.era().bootId(),
            NodeDocument.PoolDocument.of(storage.pool()),
            storage.capabilities(),
            identity.url(),
            stuck.get()));
  }
}
