package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.http.json.Json;
import io.flocker.http.route.EntityTag;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The replication policies of volumes and of namespaces. At the volumes' owner; any thread. */
public final class ReplicationRoutes {
  private static final String VOLUME = VolumeRoutes.VOLUMES + "/{id}/replication";
  private static final String NAMESPACE = "/v1/namespaces/{namespace}/replication";
  private static final String READ = "volume:read";
  private static final String CHANGE = "volume:change";
  private static final String LOCK = "replication policy";

  private static final Parameter OF_NAMESPACE =
      Parameter.path("namespace", "namespace", "The part of the volumes' names before the period.");

  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final PeerBook peers;
  private final Policies policies;
  private final Referral referral;
  private final Supplier<List<CopyStatus>> copies;
  private final Check check;

  /** Says whether this node can carry a policy out. */
  @FunctionalInterface
  public interface Check {
    /**
     * Looks at a policy before it is taken.
     *
     * @throws FailureException why not, such as {@code HOOK_UNKNOWN}
     */
    void check(Policy policy) throws FailureException;
  }

  /**
   * The routes over the volumes of {@code node}.
   *
   * @param copies tells how all copies stand that this node brings up to date
   * @param check says whether this node can carry a policy out
   */
  public ReplicationRoutes(
      NodeVolumes node,
      Policies policies,
      Referral referral,
      Supplier<List<CopyStatus>> copies,
      Check check) {
    this.check = check;
    this.copies = copies;
    this.catalog = node.catalog();
    this.locks = node.locks();
    this.peers = node.memory().peers();
    this.policies = policies;
    this.referral = referral;
  }

  /** The routes, to be served. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.get("getReplication", VOLUME)
            .permits(READ, Route.PUBLIC)
            .summary("Show who holds copies of a volume")
            .description(
                "What holds for its replication: its own policy, else that of its namespace; and"
                    + " how far behind each copy is, why, and what to do about that. Only its owner"
                    + " knows.")
            .heeds(Parameters.VOLUME, Parameters.IF_NONE_MATCH)
            .answers("replication")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                StorageFailure.POOL_UNAVAILABLE)
            .servedBy(this::get),
        JsonRoute.put("putReplication", VOLUME)
            .permits(CHANGE, Route.PUBLIC)
            .summary("Say who holds copies of a volume")
            .description(
                "Replaces what holds for its replication; what is left out is as usual. The policy"
                    + " travels with the volume to its next owner.")
            .heeds(Parameters.VOLUME, Parameters.IF_MATCH)
            .takes("replication-put")
            .answers("replication")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.VOLUME_LOCKED,
                OwnershipFailure.PEER_UNKNOWN,
                TransferFailure.HOOK_UNKNOWN,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::put),
        JsonRoute.delete("deleteReplication", VOLUME)
            .permits(CHANGE, Route.PUBLIC)
            .summary("Take a volume's policy away")
            .description(
                "If its namespace has one, that counts then: a policy without peers keeps it from"
                    + " being replicated all the same. The copies that are there stay. Of a volume"
                    + " whose dataset was destroyed by hand it ends that its copies are told of.")
            .heeds(Parameters.VOLUME, Parameters.IF_MATCH)
            .answersNothing()
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.VOLUME_LOCKED,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::delete),
        JsonRoute.get("getNamespaceReplication", NAMESPACE)
            .permits(READ, Route.PUBLIC)
            .summary("Show who holds copies of a namespace's volumes")
            .description(
                "What holds at this node for the volumes of the namespace that it owns and that"
                    + " have no policy of their own.")
            .heeds(OF_NAMESPACE, Parameters.IF_NONE_MATCH)
            .answers("namespace-replication")
            .sends(Parameters.ETAG)
            .servedBy(this::getNamespace),
        JsonRoute.put("putNamespaceReplication", NAMESPACE)
            .permits(CHANGE, Route.PUBLIC)
            .summary("Say who holds copies of a namespace's volumes")
            .description(
                "Holds for the volumes of the namespace that this node owns, now or later, and that"
                    + " have no policy of their own. Each node has its own.")
            .heeds(OF_NAMESPACE, Parameters.IF_MATCH)
            .takes("replication-put")
            .answers("namespace-replication")
            .sends(Parameters.ETAG)
            .refuses(
                OwnershipFailure.PEER_UNKNOWN,
                TransferFailure.HOOK_UNKNOWN,
                RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::putNamespace),
        JsonRoute.delete("deleteNamespaceReplication", NAMESPACE)
            .permits(CHANGE, Route.PUBLIC)
            .summary("Take a namespace's policy away")
            .description("Volumes with a policy of their own keep it, and all copies stay.")
            .heeds(OF_NAMESPACE, Parameters.IF_MATCH)
            .answersNothing()
            .refuses(RequestFailure.PRECONDITION_FAILED)
            .servedBy(this::deleteNamespace));
  }

  private JsonResponse get(JsonRequest request) throws FailureException {
    return answer(of(owned(id(request))));
  }

  private JsonResponse put(JsonRequest request) throws FailureException {
    Policy policy = policy(request);
    VolumeId id = id(request);
    try (VolumeLocks.Lease _ = locks.share(id, LOCK)) { // No handoff takes the old one along.
      Volume volume = owned(id);
      policies.put(id, policy, () -> require(tag(of(volume)), request));
      return answer(of(volume));
    }
  }

  private JsonResponse delete(JsonRequest request) throws FailureException {
    VolumeId id = id(request);
    try (VolumeLocks.Lease _ = locks.share(id, LOCK)) {
      boolean isVanished =
          policies.own(id).isPresent()
              && VolumeDocuments.ifMatch(request).isEmpty()
              && catalog.known(id).isEmpty();
      if (isVanished) {
        policies.remove(id); // Somebody has destroyed its dataset by hand, and it was meant.
        return JsonResponse.noContent();
      }
      Volume volume = owned(id);
      policies.remove(id, () -> require(tag(of(volume)), request));
      return JsonResponse.noContent();
    }
  }

  private JsonResponse getNamespace(JsonRequest request) {
    return answer(ofNamespace(namespace(request)));
  }

  private JsonResponse putNamespace(JsonRequest request) throws FailureException {
    Policy policy = policy(request);
    String namespace = namespace(request);
    policies.putNamespace(namespace, policy, () -> require(tag(ofNamespace(namespace)), request));
    return answer(ofNamespace(namespace));
  }

  private JsonResponse deleteNamespace(JsonRequest request) throws FailureException {
    String namespace = namespace(request);
    policies.removeNamespace(namespace, () -> require(tag(ofNamespace(namespace)), request));
    return JsonResponse.noContent();
  }

  private Policy policy(JsonRequest request) throws FailureException {
    Policy policy = new NamedPeers(peers).resolve(request, "peers").bodyAs(Policy.class);
    for (NodeId peer : policy.peers()) {
      var _ = peers.requireOther(peer);
    }
    check.check(policy);
    return policy;
  }

  private Volume owned(VolumeId id) throws FailureException {
    try {
      return catalog.requireOwned(id);
    } catch (FailureException e) {
      throw referral.of(e);
    }
  }

  private ReplicationDocument of(Volume volume) {
    return new ReplicationDocument(
        volume.id(),
        volume.name(),
        policies.source(volume.id(), volume.name()),
        policies.of(volume.id(), volume.name()),
        copies.get().stream().filter(copy -> copy.volume().equals(volume.id())).toList());
  }

  private NamespaceReplicationDocument ofNamespace(String namespace) {
    return new NamespaceReplicationDocument(namespace, policies.ofNamespace(namespace));
  }

  private static void require(EntityTag tag, JsonRequest request) throws FailureException {
    Optional<String> known = VolumeDocuments.ifMatch(request);
    if (known.isPresent() && !tag.isStateIn(known.get())) {
      throw RequestFailure.PRECONDITION_FAILED
          .because(
              "the ETag of what is said of its replication is " + tag + " now, not " + known.get())
          .with("etag", tag.toString());
    }
  }

  private static JsonResponse answer(ReplicationDocument document) {
    return JsonResponse.ok(document).tagged(tag(document));
  }

  private static JsonResponse answer(NamespaceReplicationDocument document) {
    return JsonResponse.ok(document).tagged(tag(document));
  }

  /** How copies stand changes by itself. */
  private static EntityTag tag(ReplicationDocument document) {
    return EntityTag.of(
        List.of(document.source(), Json.canonical(Json.tree(document.policy()))),
        List.of(Json.canonical(Json.tree(document.copies()))));
  }

  private static EntityTag tag(NamespaceReplicationDocument document) {
    return EntityTag.of(List.of(Json.canonical(Json.tree(document))), List.of());
  }

  private static VolumeId id(JsonRequest request) throws FailureException {
    return request.variable("id", VolumeId::parse);
  }

  private static String namespace(JsonRequest request) {
    return request.variables().getOrDefault("namespace", "");
  }
}
