package io.flocker.http.api;

import static java.util.stream.Collectors.toMap;

import io.flocker.core.deploy.Application;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationQuery;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.operation.Operations;
import io.flocker.core.os.TcpPorts;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.http.route.Body;
import io.flocker.http.route.ContentNegotiation;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** All that is on this node, in one answer. Any thread. */
public final class StateRoutes {
  private static final int MOST_SNAPSHOTS = 100;
  private static final int MOST_OPERATIONS = 999;

  private final NodeRoutes.Identity identity;
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeDocuments documents;
  private final Operations operations;
  private final Function<Principal, OperationReader> readers;
  private final Supplier<List<TransferDocument>> transfers;
  private final ConfigurationRoutes.ConvergenceView convergence;
  private final Supplier<List<CopyStatus>> copies;

  /**
   * The routes of one node.
   *
   * @param readers tells which operations a caller may see
   * @param transfers tells the streams that are under way
   * @param copies tells how the copies stand that this node brings up to date
   */
  public StateRoutes(
      NodeRoutes.Identity identity,
      NodeVolumes node,
      VolumeDocuments documents,
      Operations operations,
      Function<Principal, OperationReader> readers,
      Supplier<List<TransferDocument>> transfers,
      ConfigurationRoutes.ConvergenceView convergence,
      Supplier<List<CopyStatus>> copies) {
    this.identity = identity;
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.documents = documents;
    this.operations = operations;
    this.readers = readers;
    this.transfers = transfers;
    this.convergence = convergence;
    this.copies = copies;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("getState", "/v1/state")
            .permits("node:read", Route.PUBLIC)
            .summary("Show all that is on this node")
            .description(
                "Its volumes, their newest snapshots, the space that is left, the streams that are"
                    + " under way, the operations that you may see,"
                    + " how far it is with its part of the wish, and how far behind its copies at"
                    + " peers are. As application/yaml it is"
                    + " what flocker-reportstate prints.")
            .answers("state")
            .answersRaw(200, ReportedState.MEDIA_TYPE)
            .refuses(
                EngineFailure.ENGINE_UNAVAILABLE,
                EngineFailure.ENGINE_SILENT,
                EngineFailure.ENGINE_FAILED,
                StorageFailure.POOL_UNAVAILABLE,
                StorageFailure.ZFS_UNAVAILABLE,
                StorageFailure.ZFS_TIMEOUT)
            .servedBy(this::state));
  }

  private JsonResponse state(JsonRequest request) throws FailureException, IOException {
    List<String> offered = List.of(Body.JSON, ReportedState.MEDIA_TYPE);
    boolean isYaml =
        ContentNegotiation.preferred(request.headers(), offered).equals(ReportedState.MEDIA_TYPE);
    return JsonResponse.ok(isYaml ? reported() : document(request.caller()));
  }

  /** ZFS is asked only where an application has a volume: others are told of without a pool. */
  private RawBody reported() throws FailureException, IOException {
    List<Application> applications =
        convergence.containers().stream()
            .map(container -> container.definition().application())
            .toList();
    boolean hasVolumes = applications.stream().anyMatch(one -> !one.volumes().isEmpty());
    return ReportedState.of(applications, hasVolumes ? catalog.list() : List.of(), usedPorts());
  }

  /** A port that is led elsewhere has no socket here, and is in use all the same. */
  private SortedSet<Integer> usedPorts() throws IOException {
    SortedSet<Integer> used = new TreeSet<>(TcpPorts.used());
    used.addAll(convergence.answeredPorts());
    return used;
  }

  private StateDocument document(Principal caller) throws FailureException, IOException {
    List<Volume> volumes =
        catalog.list().stream().sorted(Comparator.comparing(Volume::name)).toList();
    return new StateDocument(
        identity.node(),
        identity.bootId().value(),
        NodeDocument.PoolDocument.of(storage.pool()),
        documents.of(volumes.stream()),
        snapshots(volumes),
        transfers.get(),
        underWay(caller),
        usedPorts(),
        convergence.status(),
        copies.get());
  }

  private static Map<VolumeId, List<SnapshotDocument>> snapshots(List<Volume> volumes) {
    return volumes.stream()
        .collect(
            toMap(
                Volume::id,
                volume ->
                    volume.dataset().snapshots().reversed().stream()
                        .limit(MOST_SNAPSHOTS)
                        .map(SnapshotDocument::of)
                        .toList(),
                (first, _) -> first));
  }

  private List<OperationView> underWay(Principal caller) throws FailureException {
    List<OperationView> found = new ArrayList<>();
    for (OperationState state : List.of(OperationState.RUNNING, OperationState.QUEUED)) {
      found.addAll(
          operations.list(
              new OperationQuery(
                  readers.apply(caller),
                  Optional.of(state),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  MOST_OPERATIONS)));
    }
    return found;
  }
}
