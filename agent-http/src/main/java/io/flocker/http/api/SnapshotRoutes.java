package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.SnapshotPurpose;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHistory;
import io.flocker.core.volume.Volumes;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The snapshots of each volume, and what can be made of them. Any thread. */
public final class SnapshotRoutes {
  private static final String SNAPSHOTS = "/v1/volumes/{id}/snapshots";
  private static final String BEFORE = "before";

  private final VolumeCatalog catalog;
  private final Volumes volumes;
  private final VolumeHistory history;
  private final Referral referral;
  private final VolumeDocuments documents;

  /** The routes over the volumes of {@code node}. */
  public SnapshotRoutes(NodeVolumes node, Referral referral, VolumeDocuments documents) {
    this.catalog = node.catalog();
    this.volumes = node.volumes();
    this.history = node.history();
    this.referral = referral;
    this.documents = documents;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("listSnapshots", SNAPSHOTS)
            .permits("snapshot:read", Route.PUBLIC)
            .summary("List a volume's snapshots")
            .description(
                "Newest first, a page at a time. A guid identifies a snapshot on every node, its"
                    + " name does not. Two nodes that hold the same have the same ETag.")
            .heeds(
                Parameters.VOLUME,
                Parameter.query(
                    BEFORE, "snapshotCursor", "Only those that follow: next of the page before."),
                Parameter.query("limit", "limit", "How many to tell at most; 100 unless said."),
                Parameters.IF_NONE_MATCH)
            .answers("snapshots")
            .sends(Parameters.ETAG)
            .sends(Parameter.header("Link", "link", "Where the next page is, if there is one."))
            .refuses(OwnershipFailure.VOLUME_NOT_FOUND)
            .servedBy(this::list),
        JsonRoute.post("takeSnapshot", SNAPSHOTS)
            .permits("snapshot:create", Route.PUBLIC)
            .summary("Take a snapshot")
            .description(
                "Only the volume's owner can. Without a name it gets one that tells the time.")
            .heeds(Parameters.VOLUME, Parameters.IF_MATCH)
            .takes("snapshot-create")
            .answers(201, "snapshot")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.VOLUME_LOCKED,
                StorageFailure.DATASET_EXISTS,
                StorageFailure.NO_SPACE,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::take),
        JsonRoute.delete("destroySnapshot", SNAPSHOTS + "/{name}")
            .permits("snapshot:destroy", Route.PUBLIC)
            .summary("Destroy a snapshot")
            .description(
                "Only the volume's owner can. One that somebody holds stays, and so does the one"
                    + " that the next increment to a peer starts from, unless that is forced.")
            .heeds(
                Parameters.VOLUME,
                Parameter.path("name", "snapshotName", "The part after the @."),
                Parameters.FORCE,
                Parameters.IF_MATCH)
            .answersNothing()
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.BASE_NEEDED,
                OwnershipFailure.HAS_CLONES,
                OwnershipFailure.VOLUME_LOCKED,
                StorageFailure.DATASET_NOT_FOUND,
                StorageFailure.SNAPSHOT_HELD,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::destroy),
        JsonRoute.post("rollBackVolume", "/v1/volumes/{id}/rollback")
            .permits("volume:rollback", Route.PUBLIC)
            .summary("Roll a volume back to a snapshot")
            .description(
                "What was written since is lost, and so are newer snapshots where destroyNewer says"
                    + " so. Nobody may use the volume; it is mounted again afterwards.")
            .heeds(Parameters.VOLUME, Parameters.IF_MATCH)
            .takes("volume-rollback")
            .answers("volume")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.NEWER_SNAPSHOTS,
                OwnershipFailure.BASE_NEEDED,
                OwnershipFailure.HAS_CLONES,
                OwnershipFailure.VOLUME_IN_USE,
                OwnershipFailure.VOLUME_LOCKED,
                StorageFailure.DATASET_NOT_FOUND,
                StorageFailure.DATASET_BUSY,
                StorageFailure.SNAPSHOT_HELD,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::rollBack),
        JsonRoute.post("cloneVolume", "/v1/volumes/{id}/clone")
            .permits("volume:create", Route.PUBLIC)
            .summary("Clone a volume")
            .description(
                "Makes a volume of its own, which this node owns and mounts, out of a snapshot: the"
                    + " named one, else a fresh one. Of a replica it is the latest one.")
            .heeds(Parameters.VOLUME, Parameters.IF_MATCH)
            .takes("volume-clone")
            .creates("volume")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.VOLUME_DESTROYED,
                OwnershipFailure.MOUNTPOINT_OCCUPIED,
                OwnershipFailure.QUOTA_TOO_SMALL,
                OwnershipFailure.VOLUME_LOCKED,
                StorageFailure.DATASET_NOT_FOUND,
                StorageFailure.NO_SPACE,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::cloneVolume));
  }

  private JsonResponse list(JsonRequest request) throws FailureException {
    VolumeId id = id(request);
    Optional<SnapshotPage.Cursor> before =
        Parameters.parsed(request, BEFORE, SnapshotPage.Cursor::parse);
    int limit = Parameters.limit(request); // Before ZFS lists what may be thousands.
    SnapshotPage page = SnapshotPage.of(catalog.require(id).dataset().snapshots(), before, limit);
    List<SnapshotDocument> shown = page.snapshots().stream().map(SnapshotDocument::of).toList();
    if (page.next().isEmpty()) {
      return JsonResponse.ok(Map.of("snapshots", shown)).tagged(page.tag());
    }
    String next = page.next().get().toString();
    String path = SNAPSHOTS.replace("{id}", id.toString());
    return JsonResponse.ok(Map.of("snapshots", shown, "next", next))
        .tagged(page.tag())
        .with("Link", "<%s?limit=%d&before=%s>; rel=\"next\"".formatted(path, limit, next));
  }

  private JsonResponse take(JsonRequest request) throws FailureException {
    VolumeId id = id(request);
    String given = request.bodyAs(NewSnapshot.class).name();
    String name = given == null ? SnapshotName.fresh(SnapshotPurpose.MANUAL).toString() : given;
    try {
      Snapshot snapshot = volumes.snapshot(id, name, documents.condition(request));
      return new JsonResponse(201, SnapshotDocument.of(snapshot), Map.of());
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  private JsonResponse destroy(JsonRequest request) throws FailureException {
    VolumeId id = id(request);
    String name = request.variable("name", Function.identity());
    boolean isForced = Parameters.isSet(request, Parameters.FORCE);
    try {
      history.destroySnapshot(id, name, isForced, documents.condition(request));
      return JsonResponse.noContent();
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  private JsonResponse rollBack(JsonRequest request) throws FailureException {
    Rollback target = request.bodyAs(Rollback.class);
    try {
      return documents.ok(
          history.rollBack(id(request), target.wanted(), documents.condition(request)));
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  private JsonResponse cloneVolume(JsonRequest request) throws FailureException {
    NewClone wanted = request.bodyAs(NewClone.class);
    try {
      return documents.created(
          volumes.cloneOf(
              id(request),
              Optional.ofNullable(wanted.snapshot()),
              wanted.name(),
              Optional.ofNullable(wanted.id()),
              wanted.quotaBytes() == null
                  ? OptionalLong.empty()
                  : OptionalLong.of(wanted.quotaBytes()),
              documents.condition(request)));
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  private static VolumeId id(JsonRequest request) throws FailureException {
    return request.variable("id", VolumeId::parse);
  }
}
