package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeChange;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.Volumes;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The volumes of this node. Any thread. */
public final class VolumeRoutes {
  static final String VOLUMES = "/v1/volumes";
  private static final String VOLUME = VOLUMES + "/{id}";

  private static final Parameter REPLICA =
      Parameter.query("replica", "flag", "Whether the copy of another node is meant.");

  private final VolumeCatalog catalog;
  private final Volumes volumes;
  private final Referral referral;
  private final VolumeDocuments documents;
  private final GrantKeeper grants;

  /** The routes over the volumes of {@code node}. */
  public VolumeRoutes(NodeVolumes node, Referral referral, VolumeDocuments documents) {
    this.catalog = node.catalog();
    this.volumes = node.volumes();
    this.referral = referral;
    this.documents = documents;
    this.grants = node.memory().grants();
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("listVolumes", VOLUMES)
            .permits("volume:read", Route.PUBLIC)
            .summary("List volumes")
            .description(
                "Those that have a dataset on this node, by name: the ones that it owns and the"
                    + " copies that it keeps for others.")
            .heeds(
                Parameter.query(
                    "name",
                    "volumeName",
                    "Only those of that name: the node's own first, then copies of others'."),
                Parameter.query("role", "role", "Only those that this node is that to."),
                Parameter.query("namespace", "namespace", "Only those of that namespace."),
                Parameters.IF_NONE_MATCH)
            .answers("volumes")
            .refuses(StorageFailure.POOL_UNAVAILABLE)
            .servedBy(this::list),
        JsonRoute.post("createVolume", VOLUMES)
            .permits("volume:create", Route.PUBLIC)
            .summary("Create a volume")
            .description("The node that is asked becomes its owner, and mounts it.")
            .takes("volume-create")
            .creates("volume")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.VOLUME_DESTROYED,
                OwnershipFailure.MOUNTPOINT_OCCUPIED,
                OwnershipFailure.QUOTA_TOO_SMALL,
                StorageFailure.NO_SPACE)
            .servedBy(this::create),
        JsonRoute.get("getVolume", VOLUME)
            .permits("volume:read", Route.PUBLIC)
            .summary("Show a volume")
            .description("What this node is to it, how large it is and where it is mounted.")
            .heeds(Parameters.VOLUME, Parameters.IF_NONE_MATCH)
            .answers("volume")
            .sends(Parameters.ETAG)
            .refuses(OwnershipFailure.VOLUME_NOT_FOUND, StorageFailure.POOL_UNAVAILABLE)
            .servedBy(this::get),
        JsonRoute.get("listGrants", VOLUME + "/grants")
            .permits("volume:read", Route.PUBLIC)
            .summary("Show how a volume changed hands")
            .description(
                "Each change of owner that this node knows of, up to the epoch of its record,"
                    + " signed by who owned the volume before. Those of flockerds that signed"
                    + " nothing are missing.")
            .heeds(Parameters.VOLUME)
            .answers("grants")
            .refuses(OwnershipFailure.VOLUME_NOT_FOUND, StorageFailure.POOL_UNAVAILABLE)
            .servedBy(this::grants),
        JsonRoute.patch("changeVolume", VOLUME)
            .permits("volume:change", Route.PUBLIC)
            .summary("Change a volume")
            .description(
                "Its quota and its metadata, by a merge patch (RFC 7396): what is absent stays,"
                    + " null takes away.")
            .heeds(Parameters.VOLUME, Parameters.IF_MATCH)
            .takesPatch("volume-patch")
            .answers("volume")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.QUOTA_TOO_SMALL,
                OwnershipFailure.VOLUME_LOCKED,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::change),
        JsonRoute.delete("destroyVolume", VOLUME)
            .permits("volume:destroy", Route.PUBLIC)
            .summary("Destroy a volume")
            .description(
                "With all its snapshots, unless somebody uses it. A copy that another node owns is"
                    + " destroyed only where replica says so.")
            .heeds(Parameters.VOLUME, REPLICA, Parameters.IF_MATCH)
            .answersNothing()
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.VOLUME_IN_USE,
                OwnershipFailure.VOLUME_LOCKED,
                OwnershipFailure.HAS_CHILDREN,
                OwnershipFailure.HAS_CLONES,
                StorageFailure.DATASET_BUSY,
                StorageFailure.SNAPSHOT_HELD,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::destroy));
  }

  private JsonResponse list(JsonRequest request) throws FailureException {
    Optional<VolumeName> name = Parameters.parsed(request, "name", VolumeName::parse);
    Optional<Role> role = Parameters.parsed(request, "role", VolumeRoutes::role);
    Optional<String> namespace = request.parameter("namespace");
    Stream<Volume> found = (name.isPresent() ? catalog.named(name.get()) : catalog.list()).stream();
    return JsonResponse.ok(
        Map.of(
            "volumes",
            documents.of(
                found
                    .filter(volume -> role.isEmpty() || role.get() == volume.role())
                    .filter(volume ->
                        namespace.isEmpty() || namespace.get().equals(volume.name().namespace()))
                    .sorted(
                        Comparator.comparing(Volume::name)
                            .thenComparing(volume -> volume.role() != Role.OWNER)))));
  }

  private JsonResponse create(JsonRequest request) throws FailureException {
    NewVolume wanted = request.bodyAs(NewVolume.class);
    Volume volume =
        volumes.create(
            wanted.name(),
            Optional.ofNullable(wanted.id()),
            wanted.quotaBytes() == null ? 0 : wanted.quotaBytes());
    return documents.created(volume);
  }

  private JsonResponse get(JsonRequest request) throws FailureException {
    return documents.ok(catalog.require(id(request)));
  }

  private JsonResponse grants(JsonRequest request) throws FailureException {
    Volume volume = catalog.require(id(request));
    return JsonResponse.ok(GrantDocument.of(grants.withCreation(volume.id(), volume.epoch())));
  }

  private JsonResponse change(JsonRequest request) throws FailureException {
    VolumeChange change = MergePatch.of(request.body());
    try {
      return documents.ok(volumes.change(id(request), change, documents.condition(request)));
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  /** Only an explicit word destroys a copy that the owner counts on. */
  private JsonResponse destroy(JsonRequest request) throws FailureException {
    VolumeId id = id(request);
    Condition condition = documents.condition(request);
    if (Parameters.isSet(request, REPLICA)) {
      volumes.destroyReplica(id, condition);
      return JsonResponse.noContent();
    }
    try {
      volumes.destroy(id, condition);
      return JsonResponse.noContent();
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  private static Role role(String text) {
    for (Role role : Role.values()) {
      if (role.toString().equals(text)) {
        return role;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is no role of a node");
  }

  private static VolumeId id(JsonRequest request) throws FailureException {
    return request.variable("id", VolumeId::parse);
  }
}
