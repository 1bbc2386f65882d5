package io.flocker.transfer.route;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationKind;
import io.flocker.core.operation.Operations;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.http.api.HandoffRequest;
import io.flocker.http.api.NamedPeers;
import io.flocker.http.api.OperationRoutes;
import io.flocker.http.api.Parameters;
import io.flocker.http.api.PushRequest;
import io.flocker.http.api.Referral;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.transfer.handoff.Handoff;
import io.flocker.transfer.push.Push;
import java.util.List;
import java.util.Optional;

/** What users ask of a volume: to be pushed, to be handed off. */
public final class TransferRoutes {
  private final Operations operations;
  private final VolumeCatalog catalog;
  private final PeerBook peers;
  private final Referral referral;
  private final VolumeDocuments documents;
  private final Push push;
  private final Handoff handoff;
  private final TransferWork work;

  public TransferRoutes(
      Operations operations,
      VolumeCatalog catalog,
      PeerBook peers,
      VolumeDocuments documents,
      Push push,
      Handoff handoff) {
    this.operations = operations;
    this.catalog = catalog;
    this.peers = peers;
    this.referral = new Referral(peers);
    this.documents = documents;
    this.push = push;
    this.handoff = handoff;
    this.work = new TransferWork(push, handoff, documents);
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.post("pushVolume", "/v1/volumes/{id}/push")
            .permits(TransferWork.MAY_PUSH, Route.PUBLIC)
            .summary("Push a volume to a peer")
            .description(
                "Makes the peer hold what this node holds, sending only what it lacks. The owner"
                    + " takes a snapshot first unless told not to. A peer without a copy is given"
                    + " the snapshots that users took before, too, unless 'history' says latest."
                    + " Datasets below the volume's would not travel: it is refused with them."
                    + " What If-Match demands has to hold at once, and again when the operation"
                    + " begins its work.")
            .heeds(Parameters.VOLUME, Parameters.DRY_RUN, Parameters.IF_MATCH)
            .takes("push-request")
            .starts()
            .answers("plan")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.PEER_UNKNOWN,
                OwnershipFailure.HAS_CHILDREN,
                TransferFailure.PEER_UNREACHABLE,
                TransferFailure.FOREIGN_TOKEN,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::push),
        JsonRoute.post("handOffVolume", "/v1/volumes/{id}/handoff")
            .permits(TransferWork.MAY_HAND_OFF, Route.PUBLIC)
            .summary("Hand a volume off to a peer")
            .description(
                "Makes the peer its owner: it is unmounted here, the rest of it is sent, and it is"
                    + " mounted there. At every moment at most one node can write it. What If-Match"
                    + " demands has to hold at once, and again when the operation takes the"
                    + " volume.")
            .heeds(Parameters.VOLUME, Parameters.DRY_RUN, Parameters.IF_MATCH)
            .takes("handoff-request")
            .starts()
            .answers("plan")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.PEER_UNKNOWN,
                OwnershipFailure.HAS_CHILDREN,
                TransferFailure.FOREIGN_TOKEN,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::handOff));
  }

  /** The kinds of operations that are started here. */
  public List<OperationKind> kinds() {
    return work.kinds();
  }

  private JsonResponse push(JsonRequest request) throws FailureException {
    VolumeId id = request.variable("id", VolumeId::parse);
    PushRequest wanted = named(request).bodyAs(PushRequest.class);
    NodeId peer = wanted.peer();
    boolean takesSnapshot = wanted.takesSnapshot();
    InitialReplication history = wanted.historyOrAll();
    requireReady(request, id, peer);
    if (Parameters.isSet(request, Parameters.DRY_RUN)) {
      return JsonResponse.ok(PlanView.of(push.forecast(id, peer, takesSnapshot, history)));
    }
    Optional<String> ifMatch = VolumeDocuments.ifMatch(request);
    return OperationRoutes.accepted(
        operations.start(
            TransferWork.PUSH,
            request.caller(),
            Optional.of(id),
            TransferWork.input(peer, takesSnapshot, history, ifMatch),
            work.push(id, peer, takesSnapshot, history, ifMatch)));
  }

  private JsonResponse handOff(JsonRequest request) throws FailureException {
    VolumeId id = request.variable("id", VolumeId::parse);
    HandoffRequest wanted = named(request).bodyAs(HandoffRequest.class);
    NodeId peer = wanted.peer();
    InitialReplication history = wanted.historyOrAll();
    requireReady(request, id, peer);
    if (Parameters.isSet(request, Parameters.DRY_RUN)) {
      return JsonResponse.ok(PlanView.of(handoff.plan(id, peer, history)));
    }
    Optional<String> ifMatch = VolumeDocuments.ifMatch(request);
    return OperationRoutes.accepted(
        operations.start(
            TransferWork.HANDOFF,
            request.caller(),
            Optional.of(id),
            TransferWork.input(peer, history, ifMatch),
            work.handoff(id, peer, history, ifMatch)));
  }

  private JsonRequest named(JsonRequest request) throws FailureException {
    return new NamedPeers(peers).resolve(request, "peer");
  }

  /** What can be refused at once is not made an operation. */
  private void requireReady(JsonRequest request, VolumeId id, NodeId peer) throws FailureException {
    try {
      documents.condition(request).check(catalog.requireOwned(id));
    } catch (FailureException e) {
      throw referral.of(e);
    }
    var _ = peers.requireOther(peer);
  }
}
