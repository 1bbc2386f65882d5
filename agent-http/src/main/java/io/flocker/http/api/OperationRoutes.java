package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationQuery;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.operation.Operations;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Operations: the caller's own, and those of others that it could have started itself; the rest is
 * not there for it. Any thread.
 */
public final class OperationRoutes {
  private static final String OPERATIONS = "/v1/operations";
  private static final String OPERATION = OPERATIONS + "/{id}";

  private static final Parameter ID = Parameter.path("id", "uuid", "The operation's id.");

  private final Operations operations;
  private final NamedVolumes volumes;
  private final Function<Principal, OperationReader> readers;

  /**
   * The routes over {@code operations}.
   *
   * @param volumes those of the node, by which operations are asked for, and their names
   * @param readers tells which ones a caller may see
   */
  public OperationRoutes(
      Operations operations, NamedVolumes volumes, Function<Principal, OperationReader> readers) {
    this.operations = operations;
    this.volumes = volumes;
    this.readers = readers;
  }

  /** What a route answers that has started {@code operation}: where to ask how it goes. */
  public static JsonResponse accepted(OperationView operation) {
    return JsonResponse.accepted(OPERATIONS + "/" + operation.id(), operation);
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("listOperations", OPERATIONS)
            .permits("operation:read", Route.PUBLIC)
            .summary("List operations")
            .description(
                "Newest first, a page at a time: your own, and those of others that you might have"
                    + " started yourself.")
            .heeds(
                Parameter.query("state", "operationState", "Only those in this state."),
                Parameter.query("kind", "operationKind", "Only those of this kind."),
                NamedVolumes.parameter("Only those of this volume."),
                Parameter.query(
                    "before", "uuid", "Only those older than this one: next of the page before."),
                Parameter.query("limit", "limit", "How many to tell at most; 100 unless said."))
            .answers("operations")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                RequestFailure.AMBIGUOUS_REFERENCE,
                StorageFailure.POOL_UNAVAILABLE)
            .servedBy(this::list),
        JsonRoute.get("getOperation", OPERATION)
            .permits("operation:read", Route.PUBLIC)
            .summary("Follow an operation")
            .description(
                "How far it has come, or how it ended. With wait the answer comes when it has"
                    + " ended, or when that time is over.")
            .heeds(
                ID,
                Parameter.query(
                    Parameter.WAIT,
                    "wait",
                    "How long to wait for its end; whole seconds, at most 60s."))
            .answers("operation")
            .refuses(OwnershipFailure.OPERATION_NOT_FOUND)
            .servedBy(this::get),
        JsonRoute.delete("cancelOperation", OPERATION)
            .permits("operation:cancel", Route.PUBLIC)
            .summary("Cancel an operation")
            .description(
                "Asks it to end; follow it to see that it has. Past the point of no return, and"
                    + " where it has ended, that is refused.")
            .heeds(ID)
            .starts()
            .refuses(
                OwnershipFailure.OPERATION_NOT_FOUND,
                OwnershipFailure.OPERATION_ENDED,
                OwnershipFailure.PAST_COMMIT)
            .servedBy(this::cancel));
  }

  private JsonResponse list(JsonRequest request) throws FailureException {
    Optional<String> volume = request.parameter("volume");
    OperationQuery query =
        new OperationQuery(
            reader(request),
            Parameters.parsed(request, "state", OperationState::parse),
            request.parameter("kind"),
            volume.isEmpty() ? Optional.empty() : Optional.of(volumes.lineage(volume.get())),
            Parameters.parsed(request, "before", text -> Uuids.parse("operation", text)),
            Parameters.limit(request));
    Map<VolumeId, String> names = volumes.names();
    List<OperationView> page =
        operations.list(query).stream().map(one -> one.named(names)).toList();
    return JsonResponse.ok(
        page.size() < query.limit()
            ? Map.of("operations", page)
            : Map.of("operations", page, "next", page.getLast().id()));
  }

  private JsonResponse get(JsonRequest request) throws FailureException, InterruptedException {
    UUID id = id(request);
    return JsonResponse.ok(require(id, request, WaitParameter.of(request)).named(volumes.names()));
  }

  private JsonResponse cancel(JsonRequest request) throws FailureException, InterruptedException {
    UUID id = id(request);
    operations.cancel(id, reader(request));
    return accepted(require(id, request, Duration.ZERO));
  }

  private OperationView require(UUID id, JsonRequest request, Duration patience)
      throws FailureException, InterruptedException {
    return operations
        .await(id, reader(request), patience)
        .orElseThrow(() ->
            OwnershipFailure.OPERATION_NOT_FOUND.because(
                request.caller().name() + " has no operation " + id));
  }

  private OperationReader reader(JsonRequest request) {
    return readers.apply(request.caller());
  }

  private static UUID id(JsonRequest request) throws FailureException {
    return request.variable("id", text -> Uuids.parse("operation", text));
  }
}
