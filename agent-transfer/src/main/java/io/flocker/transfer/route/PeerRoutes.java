package io.flocker.transfer.route;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.plan.TransferPlan;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.http.route.StreamRoute;
import io.flocker.transfer.handoff.Acquisition;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import io.flocker.transfer.protocol.PruneRequest;
import io.flocker.transfer.receive.IncomingTransfers;
import io.flocker.transfer.receive.ReplicaDesk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What nodes ask each other about volumes. */
public final class PeerRoutes {
  private final IncomingTransfers transfers;
  private final ReplicaDesk desk;
  private final Acquisition acquisition;

  public PeerRoutes(IncomingTransfers transfers, ReplicaDesk desk, Acquisition acquisition) {
    this.transfers = transfers;
    this.desk = desk;
    this.acquisition = acquisition;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        ask("GET", "/node/v1/volumes/{id}", "replica:read", null, "node-volume", this::view),
        ask(
            "POST",
            "/node/v1/transfers",
            "replica:write",
            "node-transfer-plan",
            "node-transfer-result",
            this::announce),
        ask(
            "GET",
            "/node/v1/transfers/{id}",
            "replica:read",
            null,
            "node-transfer-result",
            request -> JsonResponse.ok(transfers.result(request.caller(), id(request)))),
        new StreamRoute(
            "PUT",
            "/node/v1/transfers/{id}/body",
            Route.NODES,
            "replica:write",
            "application/octet-stream",
            transfers::open),
        ask(
            "POST",
            "/node/v1/volumes/{id}/prepare",
            "replica:write",
            "node-prepare-request",
            "node-prepare-answer",
            this::prepare),
        ask(
            "POST",
            "/node/v1/volumes/{id}/acquire",
            "volume:acquire",
            "node-acquire-request",
            "node-acquire-answer",
            this::acquire),
        ask(
            "POST",
            "/node/v1/volumes/{id}/prune",
            "replica:write",
            "node-prune-request",
            "node-prune-answer",
            this::prune));
  }

  private JsonResponse view(JsonRequest request) throws FailureException {
    return JsonResponse.ok(
        desk.view(volume(request), request.parameter("name"), request.parameter("owner")));
  }

  private JsonResponse announce(JsonRequest request) throws FailureException {
    TransferPlan plan = request.bodyAs(TransferPlan.class);
    return JsonResponse.created(
        "/node/v1/transfers/" + plan.id(), transfers.announce(node(request), plan));
  }

  private JsonResponse prepare(JsonRequest request) throws FailureException {
    acquisition.prepare(node(request), volume(request), request.bodyAs(PrepareRequest.class));
    return JsonResponse.ok(Map.of("ready", true));
  }

  private JsonResponse acquire(JsonRequest request) throws FailureException {
    AcquireRequest grant = request.bodyAs(AcquireRequest.class);
    return JsonResponse.ok(acquisition.acquire(node(request), volume(request), grant));
  }

  private JsonResponse prune(JsonRequest request) throws FailureException {
    PruneRequest wanted = request.bodyAs(PruneRequest.class);
    List<String> pruned = desk.prune(node(request), volume(request), wanted);
    return JsonResponse.ok(Map.of("pruned", pruned));
  }

  private static JsonRoute ask(
      String method,
      String path,
      String permission,
      @Nullable String input,
      String output,
      JsonHandler handler) {
    return new JsonRoute(
        method,
        path,
        Route.NODES,
        permission,
        Optional.ofNullable(input),
        Optional.of(output),
        handler);
  }

  private static VolumeId volume(JsonRequest request) throws FailureException {
    return request.variable("id", VolumeId::parse);
  }

  private static String id(JsonRequest request) {
    return request.variables().getOrDefault("id", "");
  }

  private static NodeId node(JsonRequest request) throws FailureException {
    if (request.caller() instanceof Principal.Node caller) {
      return caller.id();
    }
    throw RequestFailure.FORBIDDEN.because(request.caller().name() + " is no node");
  }
}
