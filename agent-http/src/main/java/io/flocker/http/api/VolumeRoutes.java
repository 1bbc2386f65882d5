package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
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
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The volumes of this node. Any thread. */
public final class VolumeRoutes {
  private static final String VOLUMES = "/v1/volumes";
  private static final String VOLUME = VOLUMES + "/{id}";

  private final VolumeCatalog catalog;
  private final Volumes volumes;
  private final Referral referral;

  /** The routes over the volumes of {@code catalog}. */
  public VolumeRoutes(VolumeCatalog catalog, Volumes volumes, Referral referral) {
    this.catalog = catalog;
    this.volumes = volumes;
    this.referral = referral;
  }

  /** The body of a {@code POST}; see {@code volume-create.json}. */
  record NewVolume(VolumeName name, Optional<VolumeId> id, OptionalLong quotaBytes) {}

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("listVolumes", VOLUMES)
            .permits("volume:read", Route.PUBLIC)
            .summary("List volumes")
            .description(
                "Those that have a dataset on this node, by name: the ones that it owns and the"
                    + " copies that it keeps for others.")
            .heeds(Parameter.query("name", "volumeName", "Only the one of that name."))
            .answers("volumes")
            .servedBy(this::list),
        JsonRoute.post("createVolume", VOLUMES)
            .permits("volume:create", Route.PUBLIC)
            .summary("Create a volume")
            .description("The node that is asked becomes its owner, and mounts it.")
            .takes("volume-create")
            .creates("volume")
            .refuses(OwnershipFailure.VOLUME_EXISTS, StorageFailure.NO_SPACE)
            .servedBy(this::create),
        JsonRoute.get("getVolume", VOLUME)
            .permits("volume:read", Route.PUBLIC)
            .summary("Show a volume")
            .description("What this node is to it, how large it is and where it is mounted.")
            .heeds(Parameters.VOLUME)
            .answers("volume")
            .refuses(OwnershipFailure.VOLUME_NOT_FOUND)
            .servedBy(this::get),
        JsonRoute.delete("destroyVolume", VOLUME)
            .permits("volume:destroy", Route.PUBLIC)
            .summary("Destroy a volume")
            .description(
                "With all its snapshots, unless somebody uses it. A copy that another node owns is"
                    + " destroyed only where replica says so.")
            .heeds(
                Parameters.VOLUME,
                Parameter.query("replica", "flag", "Whether the copy of another node is meant."))
            .answersNothing()
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.VOLUME_IN_USE,
                OwnershipFailure.VOLUME_LOCKED,
                OwnershipFailure.HAS_CHILDREN)
            .servedBy(this::destroy));
  }

  private JsonResponse list(JsonRequest request) throws FailureException {
    Optional<VolumeName> name = name(request);
    Stream<Volume> found =
        name.isPresent() ? catalog.find(name.get()).stream() : catalog.list().stream();
    return JsonResponse.ok(
        Map.of(
            "volumes",
            found
                .sorted(Comparator.comparing(volume -> volume.name().toString()))
                .map(VolumeDocument::of)
                .toList()));
  }

  private JsonResponse create(JsonRequest request) throws FailureException {
    NewVolume wanted = request.bodyAs(NewVolume.class);
    Volume volume = volumes.create(wanted.name(), wanted.id(), wanted.quotaBytes().orElse(0));
    return JsonResponse.created(VOLUMES + "/" + volume.id(), VolumeDocument.of(volume));
  }

  private JsonResponse get(JsonRequest request) throws FailureException {
    return JsonResponse.ok(VolumeDocument.of(catalog.require(id(request))));
  }

  private JsonResponse destroy(JsonRequest request) throws FailureException {
    VolumeId id = id(request);
    if (isReplicaMeant(request)) {
      volumes.destroyReplica(id);
      return JsonResponse.noContent();
    }
    try {
      volumes.destroy(id);
      return JsonResponse.noContent();
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  private static VolumeId id(JsonRequest request) throws FailureException {
    return request.variable("id", VolumeId::parse);
  }

  private static Optional<VolumeName> name(JsonRequest request) throws FailureException {
    try {
      return request.parameter("name").map(VolumeName::parse);
    } catch (IllegalArgumentException e) {
      throw RequestFailure.MALFORMED_REQUEST.because(String.valueOf(e.getMessage()));
    }
  }

  /** Only an explicit word destroys a copy that the owner counts on. */
  private static boolean isReplicaMeant(JsonRequest request) throws FailureException {
    String replica = request.parameter("replica").orElse("false");
    return switch (replica) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw RequestFailure.MALFORMED_REQUEST.because(
              "replica is true or false, not '" + replica + "'");
    };
  }
}
