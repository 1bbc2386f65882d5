package io.flocker.transfer.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.Volumes;
import io.flocker.http.api.Parameters;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import io.flocker.http.route.StreamRoute;
import io.flocker.transfer.handoff.AwaitGrant;
import io.flocker.transfer.receive.UnannouncedStreams;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What {@code flocker-volume} asks of its own node: volumes by owner and name, as in 2014, and
 * answers that a shell can print as they are.
 */
public final class LocalRoutes {
  private static final String COPY = "/v1/local/volumes/{owner}/{name}";
  private static final String TEXT = "text/plain";
  private static final Parameter OWNER =
      Parameter.path("owner", "uuid", "The node whose name the dataset bears.");
  private static final Parameter NAME =
      Parameter.path("name", "volumeName", "What the volume is called.");
  private static final String TO = "to";

  private final VolumeCatalog catalog;
  private final Volumes volumes;
  private final AwaitGrant grants;
  private final UnannouncedStreams streams;

  public LocalRoutes(
      VolumeCatalog catalog, Volumes volumes, AwaitGrant grants, UnannouncedStreams streams) {
    this.catalog = catalog;
    this.volumes = volumes;
    this.grants = grants;
    this.streams = streams;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("listSnapshotNames", COPY + "/snapshots")
            .permits("snapshot:read", Route.OWN_COMMANDS)
            .summary("List the names of a volume's snapshots")
            .description("One a line, oldest first; nothing where there is no such volume.")
            .heeds(OWNER, NAME)
            .answersRaw(200, TEXT)
            .servedBy(this::snapshots),
        StreamRoute.put("receiveStream", COPY + "/stream")
            .permits("replica:write", Route.OWN_COMMANDS)
            .summary("Receive a stream that nobody vouches for")
            .description(
                "Into a copy without an ownership record, which is another node's by its name; a"
                    + " volume that flockerd keeps is pushed by its owner instead.")
            .heeds(OWNER, NAME)
            .takesRaw("application/octet-stream")
            .answers("received-stream")
            .refuses(
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.VOLUME_LOCKED,
                TransferFailure.NOT_A_STREAM,
                TransferFailure.STREAM_REFUSED,
                TransferFailure.STREAM_UNSUPPORTED,
                TransferFailure.STREAM_TRUNCATED,
                TransferFailure.TRAILING_BYTES,
                TransferFailure.DESTINATION_EXISTS,
                TransferFailure.BASE_MISSING,
                TransferFailure.DIVERGED,
                TransferFailure.RECEIVER_FAILED)
            .streamedTo(streams::open),
        JsonRoute.post("acquireReleased", COPY + "/acquire")
            .permits("volume:acquire", Route.OWN_COMMANDS)
            .summary("Wait for a volume that was released to this node")
            .description(
                "The owner's flockerd has to have released it, and grants it; the answer is this"
                    + " node's uuid.")
            .heeds(OWNER, NAME)
            .answersRaw(200, TEXT)
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.NOT_RELEASED,
                OwnershipFailure.PEER_UNKNOWN,
                TransferFailure.PEER_UNREACHABLE)
            .repeatable()
            .servedBy(this::acquire),
        JsonRoute.post("cloneToName", COPY + "/clone")
            .permits("volume:create", Route.OWN_COMMANDS)
            .summary("Clone a volume by its name")
            .description("The clone is this node's, whoever owns the original.")
            .heeds(
                OWNER,
                NAME,
                Parameter.query(TO, "volumeName", "What the clone is called.").required())
            .answersNothing()
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.VOLUME_LOCKED,
                StorageFailure.DATASET_NOT_FOUND,
                StorageFailure.NO_SPACE)
            .servedBy(this::cloneTo));
  }

  private JsonResponse snapshots(JsonRequest request) throws FailureException {
    return text(
        find(request).stream()
            .flatMap(volume -> volume.dataset().snapshots().stream())
            .map(Snapshot::name)
            .map(name -> name + "\n")
            .collect(Collectors.joining()));
  }

  private JsonResponse acquire(JsonRequest request) throws Exception {
    return text(grants.await(owner(request), name(request)).toString());
  }

  private JsonResponse cloneTo(JsonRequest request) throws FailureException {
    Volume source = require(request);
    VolumeName child =
        Parameters.parsed(request, TO, VolumeName::parse).orElseThrow(AssertionError::new);
    Volume _ =
        volumes.cloneOf(
            source.id(),
            Optional.empty(),
            child,
            Optional.empty(),
            OptionalLong.empty(),
            Condition.NONE);
    return JsonResponse.noContent();
  }

  private Optional<Volume> find(JsonRequest request) throws FailureException {
    return catalog.find(owner(request), name(request));
  }

  private Volume require(JsonRequest request) throws FailureException {
    Optional<Volume> found = find(request);
    if (found.isEmpty()) {
      throw OwnershipFailure.VOLUME_NOT_FOUND.because(
          "there is no volume " + owner(request) + "." + name(request) + " here");
    }
    return found.get();
  }

  private static NodeId owner(JsonRequest request) throws FailureException {
    return request.variable("owner", NodeId::parse);
  }

  private static VolumeName name(JsonRequest request) throws FailureException {
    return request.variable("name", VolumeName::parse);
  }

  private static JsonResponse text(String said) {
    return JsonResponse.ok(new RawBody(TEXT, ByteBuffer.wrap(said.getBytes(UTF_8))));
  }
}
