package io.flocker.transfer.verify;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationBody;
import io.flocker.core.operation.OperationKind;
import io.flocker.core.operation.Operations;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.Verified;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.http.api.NamedPeers;
import io.flocker.http.api.OperationRoutes;
import io.flocker.http.api.Parameters;
import io.flocker.http.api.VerifyRequest;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.transfer.protocol.DigestRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** How copies are verified: what users ask the owner, and what it asks its peers. */
public final class VerifyRoutes {
  /** The kind of operation that verifies. */
  public static final String VERIFY = "verify";

  private static final String MAY_VERIFY = "volume:verify";
  private static final String PEER = "peer";

  private final NodeVolumes node;
  private final Operations operations;
  private final DigestService digests;
  private final Verification verification;

  private final Function<Copy, Consumer<Verified>> comparing;

  /**
   * Those of {@code node}.
   *
   * @param comparing is told of each comparison when it begins, and tells whom to tell what came of
   *     it
   */
  public VerifyRoutes(
      NodeVolumes node,
      Operations operations,
      DigestService digests,
      Verification verification,
      Function<Copy, Consumer<Verified>> comparing) {
    this.node = node;
    this.operations = operations;
    this.digests = digests;
    this.verification = verification;
    this.comparing = comparing;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.post("verifyVolume", "/v1/volumes/{id}/verify")
            .permits(MAY_VERIFY, Route.PUBLIC)
            .summary("Prove that a copy has what its owner has")
            .description(
                "Both sides read all files of the newest snapshot that they have in common, at the"
                    + " lowest priority, and compare: names, modes, owners, times, links, extended"
                    + " attributes, bytes. The operation fails with copy-differs where they do not"
                    + " have the same. Nothing waits for it.")
            .heeds(Parameters.VOLUME)
            .takes("verify-request")
            .starts()
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.PEER_UNKNOWN)
            .servedBy(this::verify),
        JsonRoute.post("digestReplica", "/node/v1/volumes/{id}/digest")
            .permits("replica:read", Route.NODES)
            .summary("Tell what a snapshot of a copy contains")
            .description(
                "A digest of all its files, read when it is asked for, and for as long as the"
                    + " caller waits; its owner may ask.")
            .heeds(Parameters.VOLUME)
            .takes("node-digest-request")
            .answers("node-digest-answer")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.VOLUME_LOCKED,
                TransferFailure.UNREADABLE_CONTENT)
            .repeatable()
            .servedBy(this::digest));
  }

  /** The kinds of operations that are started here. */
  public List<OperationKind> kinds() {
    return List.of(
        new OperationKind(
            VERIFY,
            MAY_VERIFY,
            cut ->
                cut.volume()
                    .map(id -> body(id, NodeId.parse(String.valueOf(cut.input().get(PEER)))))));
  }

  private OperationBody body(VolumeId id, NodeId peer) {
    Copy copy = new Copy(id, peer);
    return context -> verification.run(copy, comparing.apply(copy), context);
  }

  private JsonResponse verify(JsonRequest request) throws FailureException {
    VolumeId id = request.variable("id", VolumeId::parse);
    PeerBook peers = node.memory().peers();
    NodeId peer = new NamedPeers(peers).resolve(request, PEER).bodyAs(VerifyRequest.class).peer();
    var _ = node.catalog().requireOwned(id);
    var _ = peers.requireOther(peer);
    return OperationRoutes.accepted(
        operations.start(
            VERIFY,
            request.caller(),
            Optional.of(id),
            Map.of(PEER, peer.toString()),
            body(id, peer)));
  }

  private JsonResponse digest(JsonRequest request) throws FailureException {
    NodeId peer = request.callingNode();
    VolumeId id = request.variable("id", VolumeId::parse);
    DigestRequest wanted = request.bodyAs(DigestRequest.class);
    return JsonResponse.ok(digests.answer(peer, id, wanted, request.departure()::then));
  }
}
