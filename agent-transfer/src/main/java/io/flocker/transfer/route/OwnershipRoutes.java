package io.flocker.transfer.route;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.volume.Volume;
import io.flocker.http.api.FencedNodes;
import io.flocker.http.api.NamedPeers;
import io.flocker.http.api.Parameters;
import io.flocker.http.api.ResolveRequest;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.transfer.takeover.Takeover;
import io.flocker.transfer.takeover.Takeover.Reason;
import java.util.List;
import java.util.Set;

/** What an operator decides about a volume whose owner is gone, or of which there are two. */
public final class OwnershipRoutes {
  private static final String VOLUME = "/v1/volumes/{id}";

  private static final String FENCED = "fenced";

  private final NodeId self;
  private final NamedPeers names;
  private final Takeover takeover;
  private final VolumeDocuments documents;
  private final Policies policies;

  public OwnershipRoutes(
      NodeId self,
      PeerBook peers,
      Takeover takeover,
      VolumeDocuments documents,
      Policies policies) {
    this.policies = policies;
    this.self = self;
    this.names = new NamedPeers(peers);
    this.takeover = takeover;
    this.documents = documents;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.post("proposeTakeover", VOLUME + "/takeover/proposal")
            .permits("volume:takeover", Route.PUBLIC)
            .demands(CertifiedPermission.TAKEOVER)
            .summary("Ask what to sign to take a volume over")
            .description(
                "For a user whose certificate has the permission takeover, of a volume whose owner"
                    + " is gone. All peers are asked; one that does not answer has to be named as"
                    + " fenced, by somebody who has made sure that it cannot write. The answer"
                    + " names the snapshot after which what was written may be lost. Nothing is"
                    + " changed.")
            .heeds(Parameters.VOLUME)
            .takes("takeover-proposal-request")
            .answers("takeover-proposal")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.OWNER_ANSWERS,
                OwnershipFailure.PEERS_UNANSWERED,
                OwnershipFailure.NOT_RELEASED,
                OwnershipFailure.STALE_EPOCH,
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.MOUNTPOINT_OCCUPIED)
            .repeatable()
            .servedBy(request -> propose(request, Reason.OWNER_GONE)),
        JsonRoute.post("takeOverVolume", VOLUME + "/takeover")
            .permits("volume:takeover", Route.PUBLIC)
            .demands(CertifiedPermission.TAKEOVER)
            .summary("Take a volume over")
            .description(
                "Makes the node that is asked the owner, on what a user with the permission"
                    + " takeover has signed. All peers are asked again. It is mounted as soon as"
                    + " nobody objects; that a node is fenced counts until the daemon ends."
                    + " The replication policy goes on that the owner before told its copies last;"
                    + " the answer tells whether there is one.")
            .heeds(Parameters.VOLUME)
            .takes("takeover-request")
            .answers("volume")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.OWNER_ANSWERS,
                OwnershipFailure.PEERS_UNANSWERED,
                OwnershipFailure.NOT_GRANTED,
                OwnershipFailure.NOT_RELEASED,
                OwnershipFailure.STALE_EPOCH,
                OwnershipFailure.EPOCH_BEYOND_REACH,
                OwnershipFailure.VOLUME_LOCKED,
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.MOUNTPOINT_OCCUPIED)
            .repeatable()
            .servedBy(this::take),
        JsonRoute.post("proposeResolution", VOLUME + "/resolve/proposal")
            .permits("volume:resolve", Route.PUBLIC)
            .demands(CertifiedPermission.RESOLVE)
            .summary("Ask what to sign to keep this node's copy")
            .description(
                "For a user whose certificate has the permission resolve, of a volume that is"
                    + " contested or superseded here, or that another node says it owns itself. As"
                    + " for a takeover, but that another node may claim it too.")
            .heeds(Parameters.VOLUME)
            .takes("takeover-proposal-request")
            .answers("takeover-proposal")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.NOT_SUPERSEDED,
                OwnershipFailure.PEERS_UNANSWERED,
                OwnershipFailure.STALE_EPOCH,
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.MOUNTPOINT_OCCUPIED)
            .repeatable()
            .servedBy(request -> propose(request, Reason.CONTEST)),
        JsonRoute.post("resolveVolume", VOLUME + "/resolve")
            .permits("volume:resolve", Route.PUBLIC)
            .demands(CertifiedPermission.RESOLVE)
            .summary("Choose whose copy of a volume lives on")
            .description(
                "For a user whose certificate has the permission resolve. At the node that is kept,"
                    + " first: it becomes the owner, on what was signed. Then at"
                    + " each other one: its superseded copy gets another name, ending in"
                    + " .superseded-<time>, and is nobody's volume any more, to be cloned or"
                    + " destroyed (with replica).")
            .heeds(Parameters.VOLUME)
            .takes("resolve-request")
            .answers("volume")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.OWNED_HERE,
                OwnershipFailure.NOT_SUPERSEDED,
                OwnershipFailure.PEERS_UNANSWERED,
                OwnershipFailure.NOT_GRANTED,
                OwnershipFailure.NOT_RELEASED,
                OwnershipFailure.STALE_EPOCH,
                OwnershipFailure.EPOCH_BEYOND_REACH,
                OwnershipFailure.VOLUME_IN_USE,
                OwnershipFailure.VOLUME_LOCKED,
                OwnershipFailure.VOLUME_EXISTS,
                OwnershipFailure.MOUNTPOINT_OCCUPIED,
                StorageFailure.DATASET_BUSY)
            .repeatable()
            .servedBy(this::resolve));
  }

  private JsonResponse propose(JsonRequest request, Reason reason) throws FailureException {
    FencedNodes fenced = names.resolve(request, FENCED).bodyAs(FencedNodes.class);
    return JsonResponse.ok(takeover.propose(id(request), reason, Set.copyOf(fenced.fenced())));
  }

  private JsonResponse take(JsonRequest request) throws FailureException {
    return take(
        request, Reason.OWNER_GONE, names.resolve(request, FENCED).bodyAs(SignedTakeover.class));
  }

  private JsonResponse take(JsonRequest request, Reason reason, SignedTakeover said)
      throws FailureException {
    SignedGrant signed;
    try {
      signed = said.signed();
    } catch (IllegalArgumentException e) {
      throw RequestFailure.MALFORMED_REQUEST.because(String.valueOf(e.getMessage())).causedBy(e);
    }
    Volume taken =
        takeover.take(request.caller(), id(request), reason, signed, Set.copyOf(said.fenced()));
    return documents.taken(taken, policies.source(taken.id(), taken.name()));
  }

  private JsonResponse resolve(JsonRequest request) throws FailureException {
    JsonRequest named = names.resolve(request, "keep");
    ResolveRequest wanted = names.resolve(named, "takeover", FENCED).bodyAs(ResolveRequest.class);
    if (!wanted.keep().equals(self)) {
      return documents.ok(takeover.setAside(id(request), wanted.keep()));
    }
    if (wanted.takeover() == null) {
      throw RequestFailure.MALFORMED_REQUEST.because(
          "at the node that is kept 'takeover' says what was signed: ask for the text at"
              + " /v1/volumes/{id}/resolve/proposal");
    }
    return take(request, Reason.CONTEST, wanted.takeover());
  }

  private static VolumeId id(JsonRequest request) throws FailureException {
    return request.variable("id", VolumeId::parse);
  }
}
