package io.flocker.http.client;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;

/**
 * One node's public API, {@code /v1}. Any thread; blocks.
 *
 * <p>Every call throws a {@link FailureException} when the node refuses, and an {@link
 * UnreachableException} when no answer came.
 */
public final class FlockerClient implements AutoCloseable {
  private static final String PEERS = "/v1/peers";
  private static final String VOLUMES = "/v1/volumes";
  private static final String OPERATIONS = "/v1/operations";

  private final URI node;
  private final JsonCalls calls;

  /**
   * A client of the node at {@code node}.
   *
   * @param node such as {@code https://10.0.0.1:4523}
   * @param tls with the caller's certificate, trusting the cluster's authority alone
   */
  public FlockerClient(URI node, SSLContext tls) {
    this.node = node;
    this.calls = new JsonCalls(node, tls);
  }

  /** What the node speaks. */
  public VersionReport version() throws FailureException, IOException, InterruptedException {
    return calls.get("/v1/version", VersionReport.class);
  }

  /** The node about itself. */
  public NodeReport node() throws FailureException, IOException, InterruptedException {
    return calls.get("/v1/node", NodeReport.class);
  }

  /** The nodes that the node knows. */
  public List<PeerReport> peers() throws FailureException, IOException, InterruptedException {
    return calls.get(PEERS, Peers.class).peers();
  }

  /** Tells the node where a peer is; replaces what it knew. */
  public PeerReport putPeer(NodeId peer, List<String> addresses, String takeover)
      throws FailureException, IOException, InterruptedException {
    Map<String, Object> body = Map.of("addresses", addresses, "takeover", takeover);
    return calls.put(PEERS + "/" + peer, body, PeerReport.class);
  }

  /** Makes the node forget a peer. */
  public void removePeer(NodeId peer) throws FailureException, IOException, InterruptedException {
    calls.delete(PEERS + "/" + peer);
  }

  /** The volumes on the node. */
  public List<VolumeReport> volumes() throws FailureException, IOException, InterruptedException {
    return calls.get(VOLUMES, Volumes.class).volumes();
  }

  /** The volume of that id. */
  public VolumeReport volume(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    return calls.get(VOLUMES + "/" + id, VolumeReport.class);
  }

  /** The volume of that name. */
  public VolumeReport volume(VolumeName name)
      throws FailureException, IOException, InterruptedException {
    // A name holds letters, digits and "_.-" only: nothing to escape.
    List<VolumeReport> found = calls.get(VOLUMES + "?name=" + name, Volumes.class).volumes();
    if (found.isEmpty()) {
      throw OwnershipFailure.VOLUME_NOT_FOUND.because(node + " has no volume called " + name);
    }
    return found.getFirst();
  }

  /** Creates a volume that the node owns. */
  public VolumeReport createVolume(NewVolume volume)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES, volume, VolumeReport.class);
  }

  /** Destroys a volume with all its snapshots. */
  public void destroyVolume(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    calls.delete(VOLUMES + "/" + id);
  }

  /** The snapshots of a volume, newest first. */
  public List<SnapshotReport> snapshots(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    return calls.get(VOLUMES + "/" + id + "/snapshots", Snapshots.class).snapshots();
  }

  /** Takes a snapshot. */
  public SnapshotReport takeSnapshot(VolumeId id)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + id + "/snapshots", Map.of(), SnapshotReport.class);
  }

  /** What {@link #push} would do. */
  public PushPlan planPush(VolumeId id, NodeId peer)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + id + "/push?dry-run=true", new Target(peer), PushPlan.class);
  }

  /** Starts to copy a volume to a peer. */
  public OperationReport push(VolumeId id, NodeId peer)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + id + "/push", new Target(peer), OperationReport.class);
  }

  /** Starts to make a peer the owner of a volume. */
  public OperationReport handoff(VolumeId id, NodeId peer)
      throws FailureException, IOException, InterruptedException {
    return calls.post(VOLUMES + "/" + id + "/handoff", new Target(peer), OperationReport.class);
  }

  /** The operations that the node remembers. */
  public List<OperationReport> operations()
      throws FailureException, IOException, InterruptedException {
    return calls.get(OPERATIONS, Operations.class).operations();
  }

  /** An operation, as soon as its state changes, {@code wait} from now at the latest. */
  public OperationReport operation(UUID id, Duration wait)
      throws FailureException, IOException, InterruptedException {
    String path = OPERATIONS + "/" + id + "?wait=" + wait.toSeconds() + "s";
    return calls.get(path, wait, OperationReport.class);
  }

  /** Asks for the end of an operation; it may take a while to obey. */
  public void cancel(UUID id) throws FailureException, IOException, InterruptedException {
    calls.delete(OPERATIONS + "/" + id);
  }

  @Override
  public void close() {
    calls.close();
  }

  private record Target(NodeId peer) {}

  private record Peers(List<PeerReport> peers) {}

  private record Volumes(List<VolumeReport> volumes) {}

  private record Snapshots(List<SnapshotReport> snapshots) {}

  private record Operations(List<OperationReport> operations) {}
}
