package io.flocker.http.api;

import io.flocker.core.replicate.CopyStatus;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.function.Supplier;

/** How far behind copies are. Any thread. */
public final class CopyRoutes {
  private final Supplier<List<CopyStatus>> copies;

  /**
   * All copies, as a client reads them.
   *
   * @param copies by volume and peer
   */
  public record Copies(List<CopyStatus> copies) {}

  /** The routes over what {@code copies} tells; it does not wait. */
  public CopyRoutes(Supplier<List<CopyStatus>> copies) {
    this.copies = copies;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("getCopies", "/v1/replication")
            .permits("volume:read", Route.PUBLIC)
            .summary("Show how far behind each copy is")
            .description(
                "The copies at peers of those volumes of this node's that a policy is for: how far"
                    + " each is behind, what it has last, what it waits for, what failed last and"
                    + " what to do about that. It is answered while the pool is away, too.")
            .answers("copies")
            .servedBy(_ -> JsonResponse.ok(new Copies(copies.get()))));
  }
}
