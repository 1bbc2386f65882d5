package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Pool;
import io.flocker.core.storage.Storage;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Who this node is, what it speaks and what its storage can do. Any thread. */
public final class NodeRoutes {
  /** What never changes while the daemon runs. */
  public record Identity(NodeId node, BootId bootId, URI url, VersionDocument version) {}

  private static final String READ = "node:read";

  private final Identity identity;
  private final Storage storage;
  private final Supplier<List<List<String>>> stuck;
  private final Supplier<List<NodeDocument.Warning>> warnings;

  /**
   * The routes of one node.
   *
   * @param stuck tells the control commands that do not end, not even when killed
   * @param warnings tells what people have to see to
   */
  public NodeRoutes(
      Identity identity,
      Storage storage,
      Supplier<List<List<String>>> stuck,
      Supplier<List<NodeDocument.Warning>> warnings) {
    this.warnings = warnings;
    this.identity = identity;
    this.storage = storage;
    this.stuck = stuck;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("getVersion", "/v1/version")
            .permits(READ, Route.PUBLIC)
            .summary("Tell the version")
            .description("Which flockerd this is, and which interfaces it speaks.")
            .answers("version")
            .servedBy(this::version),
        JsonRoute.get("getNode", "/v1/node")
            .permits(READ, Route.PUBLIC)
            .summary("Describe this node")
            .description(
                "Who it is, how full its pool is and what its ZFS can do; also the commands that it"
                    + " waits for in vain, and what somebody has to see to. A pool that is away is"
                    + " told so, with a warning that says why, and one with little room by a"
                    + " warning, too.")
            .answers("node")
            .servedBy(this::node));
  }

  private JsonResponse version(JsonRequest request) {
    return JsonResponse.ok(identity.version());
  }

  /** Who it is can be told whatever its pool does: here people look first. */
  private JsonResponse node(JsonRequest request) {
    List<NodeDocument.Warning> told = new ArrayList<>();
    NodeDocument.PoolDocument pool;
    try {
      Pool read = storage.pool();
      pool = NodeDocument.PoolDocument.of(read);
      read.shortage()
          .ifPresent(why -> told.add(new NodeDocument.Warning("The pool is nearly full", why)));
    } catch (FailureException e) {
      pool = NodeDocument.PoolDocument.away(storage.poolName());
      told.add(new NodeDocument.Warning(e.failure().title(), e.detail()));
    }
    told.addAll(warnings.get());
    return JsonResponse.ok(
        new NodeDocument(
            identity.node(),
            identity.bootId().value(),
            pool,
            capabilities(),
            identity.url(),
            stuck.get(),
            told));
  }

  private Optional<Capabilities> capabilities() {
    try {
      return Optional.of(storage.capabilities());
    } catch (FailureException _) {
      return Optional.empty(); // As the pool, of which it is told why.
    }
  }
}
