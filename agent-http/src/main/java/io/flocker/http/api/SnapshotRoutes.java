package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Purpose;
import io.flocker.core.volume.Snapshot;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.Volumes;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The snapshots of each volume. Any thread. */
public final class SnapshotRoutes {
  private static final String SNAPSHOTS = "/v1/volumes/{id}/snapshots";

  private final VolumeCatalog catalog;
  private final Volumes volumes;
  private final Referral referral;

  /** The routes over the volumes of {@code catalog}. */
  public SnapshotRoutes(VolumeCatalog catalog, Volumes volumes, Referral referral) {
    this.catalog = catalog;
    this.volumes = volumes;
    this.referral = referral;
  }

  /** The body of a {@code POST}; see {@code snapshot-create.json}. */
  record NewSnapshot(Optional<String> name) {}

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("listSnapshots", SNAPSHOTS)
            .permits("snapshot:read", Route.PUBLIC)
            .summary("List a volume's snapshots")
            .description(
                "Newest first. A guid identifies a snapshot on every node, its name does not.")
            .heeds(Parameters.VOLUME)
            .answers("snapshots")
            .refuses(OwnershipFailure.VOLUME_NOT_FOUND)
            .servedBy(this::list),
        JsonRoute.post("takeSnapshot", SNAPSHOTS)
            .permits("snapshot:create", Route.PUBLIC)
            .summary("Take a snapshot")
            .description(
                "Only the volume's owner can. Without a name it gets one that tells the time.")
            .heeds(Parameters.VOLUME)
            .takes("snapshot-create")
            .answers(201, "snapshot")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.VOLUME_LOCKED,
                StorageFailure.NO_SPACE)
            .servedBy(this::take));
  }

  private JsonResponse list(JsonRequest request) throws FailureException {
    List<Snapshot> snapshots = catalog.require(id(request)).dataset().snapshots();
    return JsonResponse.ok(
        Map.of("snapshots", snapshots.reversed().stream().map(SnapshotDocument::of).toList()));
  }

  private JsonResponse take(JsonRequest request) throws FailureException {
    VolumeId id = id(request);
    Optional<String> name = request.bodyAs(NewSnapshot.class).name();
    try {
      Snapshot snapshot =
          name.isPresent()
              ? volumes.snapshot(id, name.get())
              : volumes.snapshot(id, Purpose.MANUAL);
      return new JsonResponse(201, SnapshotDocument.of(snapshot), Map.of());
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  private static VolumeId id(JsonRequest request) throws FailureException {
    return request.variable("id", VolumeId::parse);
  }
}
