package io.flocker.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.TaskId;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.peer.Peer;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeReference;
import io.flocker.http.api.AttachRequest;
import io.flocker.http.api.CopyRoutes;
import io.flocker.http.api.FencedNodes;
import io.flocker.http.api.HandoffRequest;
import io.flocker.http.api.NamespaceReplicationDocument;
import io.flocker.http.api.NewClone;
import io.flocker.http.api.NewSnapshot;
import io.flocker.http.api.NewVolume;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.PeerDocument;
import io.flocker.http.api.PeerEntry;
import io.flocker.http.api.PushRequest;
import io.flocker.http.api.ReplicationDocument;
import io.flocker.http.api.ResolveRequest;
import io.flocker.http.api.Rollback;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.http.api.TransferDocument;
import io.flocker.http.api.VerifyRequest;
import io.flocker.http.api.VersionDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import io.flocker.http.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * One node's public API, {@code /v1}. Any thread; blocks.
 *
 * <p>Every call throws a {@link FailureException} when the node refuses, and an {@link
 * UnreachableException} when no answer came. Before that, what is safe to repeat is repeated: a
 * mutation under the key that it has, so that the node does it once.
 *
 * <p>Needs no more than the JDK, Jackson and agent-core: neither Netty nor a native library.
 */
public final class FlockerClient implements AutoCloseable {
  private static final String PEERS = "/v1/peers";
  private static final String VOLUMES = "/v1/volumes";
  private static final String OPERATIONS = "/v1/operations";
  private static final String EVENTS = "/v1/events";
  private static final String CONFIGURATION = "/v1/configuration";

  private static final int NO_STATUS = 0; // An operation is no response; its problem has one.

  private final URI node;
  private final JsonCalls calls;

  /**
   * A client of the node at {@code node}.
   *
   * @param node such as {@code https://10.0.0.1:4523}
   * @param tls with the caller's certificate, trusting the cluster's authority alone
   */
  public FlockerClient(URI node, SSLContext tls) {
    this(node, tls, Optional::empty);
  }

  /**
   * A client whose requests are part of its caller's Eliot tasks.
   *
   * @param tasks asked before each request for the place in a task that the node is to continue;
   *     empty for none
   */
  public FlockerClient(URI node, SSLContext tls, Supplier<Optional<TaskId>> tasks) {
    this.node = node;
    this.calls = new JsonCalls(node, tls, tasks);
  }

  /** Where it asks the node. */
  public URI url() {
    return node;
  }

  /** What the node answers at a path, whatever its media type is, as it is. */
  public byte[] document(String path) throws FailureException, IOException, InterruptedException {
    return calls.get(path);
  }

  /** What the node speaks. */
  public VersionDocument version() throws FailureException, IOException, InterruptedException {
    return calls.get("/v1/version", VersionDocument.class);
  }

  /** The node about itself. */
  public NodeDocument node() throws FailureException, IOException, InterruptedException {
    return calls.get("/v1/node", NodeDocument.class);
  }

  /** How far the node is with its part of the wish. */
  public ConvergenceStatus convergence()
      throws FailureException, IOException, InterruptedException {
    return calls.get(CONFIGURATION + "/status", ConvergenceStatus.class);
  }

  /** How far behind the copies are that the node brings up to date at its peers. */
  public List<CopyStatus> copies() throws FailureException, IOException, InterruptedException {
    return calls.get("/v1/replication", CopyRoutes.Copies.class).copies();
  }

  /** What the node was told last of what the cluster shall run. */
  public ToldWish configuration() throws FailureException, IOException, InterruptedException {
    return calls.get(CONFIGURATION, ToldWish.class);
  }

  /** What the node would do if it was told that; nothing is done. */
  public WishPlan planConfiguration(long generation, Deployment wish)
      throws FailureException, IOException, InterruptedException {
    return calls
        .put(
            CONFIGURATION + "?dry-run=true",
            NewWish.of(generation, wish),
            Answers.PlannedWish.class)
        .plan();
  }

  /**
   * Tells the node what the cluster shall run.
   *
   * @param generation the same on every node that is told the same
   */
  public ToldWish putConfiguration(long generation, Deployment wish)
      throws FailureException, IOException, InterruptedException {
    return calls.put(CONFIGURATION, NewWish.of(generation, wish), ToldWish.class);
  }

  /** The streams that are under way at the node. */
  public List<TransferDocument> transfers()
      throws FailureException, IOException, InterruptedException {
    return calls.get("/v1/state", Answers.Streams.class).transfers();
  }

  /** The nodes that the node knows. */
  public List<Peer> peers() throws FailureException, IOException, InterruptedException {
    return calls.get(PEERS, Answers.Peers.class).peers();
  }

  /** The same, with whether they answer. */
  public List<PeerDocument> seenPeers() throws FailureException, IOException, InterruptedException {
    return calls.get(PEERS, Answers.SeenPeers.class).peers();
  }

  /**
   * The peer that people mean.
   *
   * @param reference its name, its uuid or the beginning of that, or a host of its addresses
   */
  public Peer peer(String reference) throws FailureException, IOException, InterruptedException {
    return calls.get(PEERS + "/" + URLEncoder.encode(reference, UTF_8), Peer.class);
  }

  /** Tells the node where a peer is; replaces what it knew, but for a name that is not said. */
  public Peer putPeer(Peer peer) throws FailureException, IOException, InterruptedException {
    return calls.put(PEERS + "/" + peer.node(), PeerEntry.of(peer), Peer.class);
  }

  /** Makes the node forget a peer. */
  public void removePeer(NodeId peer) throws FailureException, IOException, InterruptedException {
    calls.delete(PEERS + "/" + peer);
  }

  /** The volumes on the node. */
  public List<VolumeDocument> volumes() throws FailureException, IOException, InterruptedException {
    return calls.get(VOLUMES, Answers.Volumes.class).volumes();
  }

  /** The volume of that id. */
  public VolumeDocument volume(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    return calls.get(VOLUMES + "/" + id, VolumeDocument.class);
  }

  /** The volume of that name: the one that the node owns, if it has several. */
  public VolumeDocument volume(VolumeName name)
      throws FailureException, IOException, InterruptedException {
    return volume(new VolumeReference.ByName(name));
  }

  /**
   * The volume that is meant.
   *
   * @throws FailureException {@code VOLUME_NOT_FOUND} or {@code AMBIGUOUS_REFERENCE} too
   */
  public VolumeDocument volume(VolumeReference meant)
      throws FailureException, IOException, InterruptedException {
    return switch (meant) {
      case VolumeReference.ById(VolumeId id) -> volume(id);
      // A name holds letters, digits and "_.-" only: nothing to escape.
      case VolumeReference.ByName(VolumeName name) ->
          meant.among(
              calls.get(VOLUMES + "?name=" + name, Answers.Volumes.class).volumes(),
              node.toString());
      case VolumeReference.ByPrefix _ -> meant.among(volumes(), node.toString());
    };
  }

  /** Creates a volume that the node owns. */
  public VolumeDocument createVolume(NewVolume volume)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES, volume, VolumeDocument.class);
  }

  /** Makes a volume that the node owns out of another one. */
  public VolumeDocument cloneVolume(VolumeId source, NewClone clone)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + source + "/clone", clone, VolumeDocument.class);
  }

  /** Changes what a volume may hold, and what is written about it. */
  public VolumeDocument changeVolume(VolumeId id, VolumePatch patch)
      throws FailureException, IOException, InterruptedException {
    return calls.patch(VOLUMES + "/" + id, patch, VolumeDocument.class);
  }

  /** Takes a volume back to a snapshot; what was written since is lost. */
  public VolumeDocument rollBack(VolumeId id, Rollback rollback)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + id + "/rollback", rollback, VolumeDocument.class);
  }

  /** Destroys the copy that the node has of a volume of another one. */
  public void destroyReplica(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    calls.delete(VOLUMES + "/" + id + "?replica=true");
  }

  /** Destroys a volume with all its snapshots. */
  public void destroyVolume(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    calls.delete(VOLUMES + "/" + id);
  }

  /** The snapshots of a volume, newest first. */
  public List<SnapshotDocument> snapshots(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    List<SnapshotDocument> all = new ArrayList<>();
    String path = snapshotsOf(id) + "?limit=999";
    Answers.Snapshots page = calls.get(path, Answers.Snapshots.class);
    all.addAll(page.snapshots());
    while (page.next().isPresent()) {
      page = calls.get(path + "&before=" + page.next().get(), Answers.Snapshots.class);
      all.addAll(page.snapshots());
    }
    return all;
  }

  /** Takes a snapshot. */
  public SnapshotDocument takeSnapshot(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    return takeSnapshot(id, Optional.empty());
  }

  /** Takes a snapshot of that name; without one it gets one of the node's. */
  public SnapshotDocument takeSnapshot(VolumeId id, Optional<String> name)
      throws FailureException, IOException, InterruptedException {
    return calls.post(snapshotsOf(id), new NewSnapshot(name.orElse(null)), SnapshotDocument.class);
  }

  /**
   * Destroys a snapshot.
   *
   * @param isForced whether even one that the next increment to a peer starts from
   */
  public void destroySnapshot(VolumeId id, String name, boolean isForced)
      throws FailureException, IOException, InterruptedException {
    String segment = URLEncoder.encode(name, UTF_8).replace("+", "%20");
    calls.delete(snapshotsOf(id) + "/" + segment + (isForced ? "?force=true" : ""));
  }

  /** What {@link #push} would do. */
  public PushPlan planPush(VolumeId id, NodeId peer)
      throws FailureException, IOException, InterruptedException {
    return planPush(id, peer, InitialReplication.ALL);
  }

  /** The same, where the peer may be given less. */
  public PushPlan planPush(VolumeId id, NodeId peer, InitialReplication history)
      throws FailureException, IOException, InterruptedException {
    PushRequest target = PushRequest.to(peer, history);
    return calls.post(VOLUMES + "/" + id + "/push?dry-run=true", target, PushPlan.class);
  }

  /** Starts to copy a volume to a peer, with all its history. */
  public OperationView push(VolumeId id, NodeId peer)
      throws FailureException, IOException, InterruptedException {
    return push(id, peer, InitialReplication.ALL);
  }

  /** Starts to copy a volume to a peer. */
  public OperationView push(VolumeId id, NodeId peer, InitialReplication history)
      throws FailureException, IOException, InterruptedException {
    PushRequest target = PushRequest.to(peer, history);
    return calls.post(VOLUMES + "/" + id + "/push", target, OperationView.class);
  }

  /** Starts to compare what a peer's copy of a volume contains with what its owner has. */
  public OperationView verify(VolumeId id, NodeId peer)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + id + "/verify", new VerifyRequest(peer), OperationView.class);
  }

  /** Starts to make a peer the owner of a volume, with all its history. */
  public OperationView handoff(VolumeId id, NodeId peer)
      throws FailureException, IOException, InterruptedException {
    return handoff(id, peer, InitialReplication.ALL);
  }

  /** Starts to make a peer the owner of a volume. */
  public OperationView handoff(VolumeId id, NodeId peer, InitialReplication history)
      throws FailureException, IOException, InterruptedException {
    HandoffRequest target = HandoffRequest.to(peer, history);
    return calls.post(VOLUMES + "/" + id + "/handoff", target, OperationView.class);
  }

  /** Starts to have a volume owned and mounted on the node, wherever it is, or to make it. */
  public OperationView attach(AttachRequest wanted)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/attach", wanted, OperationView.class);
  }

  /**
   * How a volume came to its owner, as far as the node knows; empty where it runs a flockerd of
   * before that was signed.
   */
  public Optional<GrantDocument> grants(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    try {
      return Optional.of(calls.get(VOLUMES + "/" + id + "/grants", GrantDocument.class));
    } catch (FailureException e) {
      if (e.failure() == RequestFailure.NOT_FOUND) { // That the volume is gone is another failure.
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What holds for the replication of a volume; empty where the node is too old to know. */
  public Optional<ReplicationDocument> replication(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    try {
      return Optional.of(calls.get(replicationOf(id), ReplicationDocument.class));
    } catch (FailureException e) {
      if (e.failure() == RequestFailure.NOT_FOUND) { // That the volume is gone is another failure.
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Says what holds for the replication of a volume. */
  public ReplicationDocument putReplication(VolumeId id, Policy policy)
      throws FailureException, IOException, InterruptedException {
    return calls.put(replicationOf(id), policy, ReplicationDocument.class);
  }

  /** Takes a volume's own policy away. */
  public void deleteReplication(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    calls.delete(replicationOf(id));
  }

  /** What holds for the volumes of a namespace that have no policy of their own. */
  public NamespaceReplicationDocument replication(String namespace)
      throws FailureException, IOException, InterruptedException {
    return calls.get(replicationOf(namespace), NamespaceReplicationDocument.class);
  }

  /** Says what holds for the volumes of a namespace that have no policy of their own. */
  public NamespaceReplicationDocument putReplication(String namespace, Policy policy)
      throws FailureException, IOException, InterruptedException {
    return calls.put(replicationOf(namespace), policy, NamespaceReplicationDocument.class);
  }

  /** Takes a namespace's policy away. */
  public void deleteReplication(String namespace)
      throws FailureException, IOException, InterruptedException {
    calls.delete(replicationOf(namespace));
  }

  /** What has to be signed to make the node the owner of a volume whose owner is gone. */
  public TakeoverProposal proposeTakeover(VolumeId id, List<NodeId> fenced)
      throws FailureException, IOException, InterruptedException {
    String path = VOLUMES + "/" + id + "/takeover/proposal";
    return calls.post(path, new FencedNodes(fenced), TakeoverProposal.class);
  }

  /** Makes the node the owner, on what was signed. */
  public VolumeDocument takeOver(VolumeId id, SignedTakeover signed)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + id + "/takeover", signed, VolumeDocument.class);
  }

  /** What has to be signed so that the node's copy of a contested volume lives on. */
  public TakeoverProposal proposeResolution(VolumeId id, List<NodeId> fenced)
      throws FailureException, IOException, InterruptedException {
    String path = VOLUMES + "/" + id + "/resolve/proposal";
    return calls.post(path, new FencedNodes(fenced), TakeoverProposal.class);
  }

  /** Chooses whose copy of a volume lives on. */
  public VolumeDocument resolve(VolumeId id, ResolveRequest choice)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + id + "/resolve", choice, VolumeDocument.class);
  }

  /** The newest operations that the node remembers. */
  public List<OperationView> operations()
      throws FailureException, IOException, InterruptedException {
    return calls.get(OPERATIONS, Answers.Operations.class).operations();
  }

  /** The same, of one volume. */
  public List<OperationView> operations(VolumeReference volume)
      throws FailureException, IOException, InterruptedException {
    return calls.get(OPERATIONS + "?volume=" + volume, Answers.Operations.class).operations();
  }

  /** The same of all, as many as it tells at once. */
  public List<OperationView> latestOperations()
      throws FailureException, IOException, InterruptedException {
    return calls.get(OPERATIONS + "?limit=999", Answers.Operations.class).operations();
  }

  /** The newest {@code limit}, 999 at most, of those in a state. */
  public List<OperationView> operations(OperationState state, int limit)
      throws FailureException, IOException, InterruptedException {
    String path = OPERATIONS + "?limit=" + limit + "&state=" + state;
    return calls.get(path, Answers.Operations.class).operations();
  }

  /** An operation, as soon as its state changes, {@code wait} from now at the latest. */
  public OperationView operation(UUID id, Duration wait)
      throws FailureException, IOException, InterruptedException {
    String path = OPERATIONS + "/" + id + "?wait=" + wait.toSeconds() + "s";
    return calls.get(path, wait, OperationView.class);
  }

  /** Why an operation has failed or was cancelled; empty for one that has not. */
  public static Optional<FailureException> failure(OperationView operation) {
    return operation.problem().map(problem -> Problem.read(NO_STATUS, Json.tree(problem)));
  }

  /** Asks for the end of an operation; it may take a while to obey. */
  public void cancel(UUID id) throws FailureException, IOException, InterruptedException {
    calls.delete(OPERATIONS + "/" + id);
  }

  /**
   * What happens on the node; the caller closes it.
   *
   * @param types only such events, as the node's API names types and families; all if empty
   * @param volumes only what is about these; everything if empty
   * @param after the last event that is known already; if empty, from now on
   */
  public EventStream events(List<String> types, List<VolumeId> volumes, Optional<String> after) {
    List<String> query = new ArrayList<>();
    types.forEach(type -> query.add("type=" + URLEncoder.encode(type, UTF_8)));
    volumes.forEach(volume -> query.add("volume=" + volume));
    String path = query.isEmpty() ? EVENTS : EVENTS + "?" + String.join("&", query);
    return new EventStream(lastId -> calls.open(path, lastId), after);
  }

  @Override
  public void close() {
    calls.close();
  }

  private static String replicationOf(VolumeId volume) {
    return VOLUMES + "/" + volume + "/replication";
  }

  private static String replicationOf(String namespace) {
    return "/v1/namespaces/" + URLEncoder.encode(namespace, UTF_8) + "/replication";
  }

  private static String snapshotsOf(VolumeId id) {
    return VOLUMES + "/" + id + "/snapshots";
  }

  private record NewWish(long generation, List<Application> applications, List<NodeWish> nodes) {
    static NewWish of(long generation, Deployment wish) {
      return new NewWish(generation, wish.applications(), wish.nodes());
    }
  }
}
