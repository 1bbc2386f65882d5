package io.flocker.transfer.route;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.http.api.Parameters;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import io.flocker.http.route.StreamRoute;
import io.flocker.transfer.confirm.ConfirmationService;
import io.flocker.transfer.find.FindService;
import io.flocker.transfer.handoff.Acquisition;
import io.flocker.transfer.protocol.AcquireAnswer;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.FindRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import io.flocker.transfer.protocol.PruneRequest;
import io.flocker.transfer.protocol.SetAsideRequest;
import io.flocker.transfer.receive.IncomingTransfers;
import io.flocker.transfer.receive.ReplicaService;
import java.util.List;
import java.util.Map;

/** What nodes ask each other about volumes. */
public final class InterNodeRoutes {
  private static final String TRANSFERS = "/node/v1/transfers";
  private static final String TRANSFER = TRANSFERS + "/{id}";
  private static final String READ = "replica:read";
  private static final String WRITE = "replica:write";
  private static final Parameter ID =
      Parameter.path("id", "uuid", "The transfer's id, which its sender chose.");

  private final IncomingTransfers transfers;
  private final ReplicaService replicas;
  private final Acquisition acquisition;
  private final ConfirmationService confirmation;
  private final FindService find;
  private final Runnable arrived;

  public InterNodeRoutes(
      IncomingTransfers transfers,
      ReplicaService replicas,
      Acquisition acquisition,
      ConfirmationService confirmation,
      FindService find,
      Runnable arrived) {
    this.confirmation = confirmation;
    this.find = find;
    this.arrived = arrived;
    this.transfers = transfers;
    this.replicas = replicas;
    this.acquisition = acquisition;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("viewReplica", "/node/v1/volumes/{id}")
            .permits(READ, Route.NODES)
            .summary("Tell what is held of a volume")
            .description(
                "Record, snapshots, resume token and capabilities: what a sender needs to plan.")
            .heeds(
                Parameters.VOLUME,
                Parameter.query("name", "volumeName", "What the sender calls it."),
                Parameter.query("owner", "uuid", "Who owns it, as far as the sender knows."),
                Parameter.query("epoch", "epoch", "Of which epoch the sender's record is.")
                    .withExample("3"))
            .answers("node-volume")
            .servedBy(this::view),
        JsonRoute.post("findVolumes", "/node/v1/volumes/find")
            .permits(READ, Route.NODES)
            .summary("Tell which volumes there are of some")
            .description(
                "Those of the names and ids that are asked for, the copies too: whoever is to make"
                    + " a volume asks first whether somebody has it.")
            .takes("node-find-request")
            .answers("node-find-answer")
            .repeatable()
            .servedBy(request -> JsonResponse.ok(find.answer(request.bodyAs(FindRequest.class)))),
        JsonRoute.post("announceTransfer", TRANSFERS)
            .permits(WRITE, Route.NODES)
            .summary("Announce a stream")
            .description("The plan of one stream, judged before any of its bytes flow.")
            .takes("node-transfer-plan")
            .creates("node-transfer-result")
            .refuses(
                OwnershipFailure.FOREIGN_CLAIM,
                OwnershipFailure.STALE_EPOCH,
                OwnershipFailure.EPOCH_BEYOND_REACH,
                OwnershipFailure.NOT_GRANTED,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.CONTESTED,
                OwnershipFailure.SUPERSEDED,
                OwnershipFailure.VOLUME_LOCKED,
                TransferFailure.BASE_MISSING,
                TransferFailure.DESTINATION_EXISTS,
                TransferFailure.DIVERGED,
                TransferFailure.RECEIVE_IN_PROGRESS,
                StorageFailure.NO_SPACE,
                StorageFailure.POOL_FEATURE_MISSING)
            .repeatable()
            .servedBy(this::announce),
        JsonRoute.get("getTransfer", TRANSFER)
            .permits(READ, Route.NODES)
            .summary("Tell how a stream fares")
            .description(
                "How far it has come, or how it ended; kept for 24 hours. Whose body brings nothing"
                    + " for some seconds asks, and says so that its child is at work.")
            .heeds(ID)
            .answers("node-transfer-result")
            .refuses(TransferFailure.TRANSFER_NOT_FOUND)
            .servedBy(request -> JsonResponse.ok(transfers.result(request.caller(), id(request)))),
        StreamRoute.put("sendTransfer", TRANSFER + "/body")
            .permits(WRITE, Route.NODES)
            .summary("Send the stream")
            .description(
                "What zfs send makes, chunked, with the trailer Flocker-Proof. An interim 102 tells"
                    + " every few seconds how much was taken.")
            .heeds(ID)
            .takesRaw("application/octet-stream")
            .answers("node-transfer-result")
            .refuses(
                TransferFailure.TRANSFER_NOT_FOUND,
                TransferFailure.NOT_A_STREAM,
                TransferFailure.STREAM_REFUSED,
                TransferFailure.STREAM_UNSUPPORTED,
                TransferFailure.STREAM_CORRUPT,
                TransferFailure.STREAM_TRUNCATED,
                TransferFailure.TRAILING_BYTES,
                TransferFailure.UNPROVEN,
                TransferFailure.RECEIVER_FAILED,
                TransferFailure.WRONG_GUID,
                TransferFailure.PEER_SILENT)
            .streamedTo(transfers::open),
        JsonRoute.post("prepareHandoff", "/node/v1/volumes/{id}/prepare")
            .permits(WRITE, Route.NODES)
            .summary("Prepare to take a volume over")
            .description("Checks all that could stop the peer later; nothing is changed by it.")
            .heeds(Parameters.VOLUME)
            .takes("node-prepare-request")
            .answers("node-prepare-answer")
            .refuses(
                OwnershipFailure.FOREIGN_CLAIM,
                OwnershipFailure.STALE_EPOCH,
                OwnershipFailure.EPOCH_BEYOND_REACH,
                OwnershipFailure.NOT_GRANTED,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.CONTESTED,
                OwnershipFailure.SUPERSEDED,
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.MOUNTPOINT_OCCUPIED,
                StorageFailure.NO_SPACE)
            .repeatable()
            .servedBy(this::prepare),
        JsonRoute.post("acquireVolume", "/node/v1/volumes/{id}/acquire")
            .permits("volume:acquire", Route.NODES)
            .summary("Take a released volume over")
            .description("On the grant of the owner that was; repeated until it is answered.")
            .heeds(Parameters.VOLUME)
            .takes("node-acquire-request")
            .answers("node-acquire-answer")
            .refuses(
                OwnershipFailure.FOREIGN_CLAIM,
                OwnershipFailure.STALE_EPOCH,
                OwnershipFailure.NOT_GRANTED,
                OwnershipFailure.NOT_RELEASED,
                OwnershipFailure.CONTESTED,
                OwnershipFailure.SUPERSEDED)
            .repeatable()
            .servedBy(this::acquire),
        JsonRoute.post("confirmOwner", "/node/v1/volumes/{id}/confirm")
            .permits("volume:confirm", Route.NODES)
            .summary("Tell who owns a volume, as far as this node knows")
            .description(
                "The question shows who owns it as far as the asking node knows, with the grants"
                    + " that prove it. Who is asked and has to give way does so before it answers;"
                    + " who is taking the volume over from the asking node does not answer before"
                    + " that is decided.")
            .heeds(Parameters.VOLUME)
            .takes("node-confirm-request")
            .answers("node-confirm-answer")
            .refuses(OwnershipFailure.VOLUME_LOCKED)
            .repeatable()
            .servedBy(this::confirm),
        JsonRoute.post("pruneReplica", "/node/v1/volumes/{id}/prune")
            .permits(WRITE, Route.NODES)
            .summary("Prune a copy's snapshots")
            .description("Destroys those that its owner has no use for any more.")
            .heeds(Parameters.VOLUME)
            .takes("node-prune-request")
            .answers("node-prune-answer")
            .refuses(OwnershipFailure.FOREIGN_CLAIM, OwnershipFailure.NOT_OWNER)
            .repeatable()
            .servedBy(this::prune),
        JsonRoute.post("setReplicaAside", "/node/v1/volumes/{id}/set-aside")
            .permits(WRITE, Route.NODES)
            .summary("Keep a copy under another name")
            .description(
                "One that has changed by itself, so that its owner can send a new one; where"
                    + " diverged-copies of this node's settings allows it. Nothing is destroyed.")
            .heeds(Parameters.VOLUME)
            .takes("node-set-aside-request")
            .answers("node-set-aside-answer")
            .refuses(
                OwnershipFailure.FOREIGN_CLAIM,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.VOLUME_LOCKED,
                TransferFailure.DIVERGED,
                TransferFailure.NEW_VOLUME_REFUSED,
                TransferFailure.RECEIVE_IN_PROGRESS,
                TransferFailure.SET_ASIDE_REFUSED)
            .servedBy(this::setAside));
  }

  private JsonResponse view(JsonRequest request) throws FailureException {
    return JsonResponse.ok(
        replicas.view(volume(request), request.parameter("name"), request.parameter("owner")));
  }

  private JsonResponse announce(JsonRequest request) throws FailureException {
    TransferPlan plan = request.bodyAs(TransferPlan.class);
    return JsonResponse.created(
        TRANSFERS + "/" + plan.id(), transfers.announce(request.callingNode(), plan));
  }

  private JsonResponse prepare(JsonRequest request) throws FailureException {
    acquisition.prepare(
        request.callingNode(), volume(request), request.bodyAs(PrepareRequest.class));
    return JsonResponse.ok(Map.of("ready", true));
  }

  private JsonResponse acquire(JsonRequest request) throws FailureException {
    AcquireRequest grant = request.bodyAs(AcquireRequest.class);
    AcquireAnswer answer = acquisition.acquire(request.callingNode(), volume(request), grant);
    arrived.run();
    return JsonResponse.ok(answer);
  }

  private JsonResponse confirm(JsonRequest request) throws FailureException {
    ConfirmRequest question = request.bodyAs(ConfirmRequest.class);
    return JsonResponse.ok(confirmation.answer(request.callingNode(), volume(request), question));
  }

  private JsonResponse prune(JsonRequest request) throws FailureException {
    PruneRequest wanted = request.bodyAs(PruneRequest.class);
    List<String> pruned = replicas.prune(request.callingNode(), volume(request), wanted);
    return JsonResponse.ok(Map.of("pruned", pruned));
  }

  private JsonResponse setAside(JsonRequest request) throws FailureException {
    SetAsideRequest wanted = request.bodyAs(SetAsideRequest.class);
    return JsonResponse.ok(replicas.setAside(request.callingNode(), volume(request), wanted));
  }

  private static VolumeId volume(JsonRequest request) throws FailureException {
    return request.variable("id", VolumeId::parse);
  }

  private static String id(JsonRequest request) {
    return request.variables().getOrDefault("id", "");
  }
}
