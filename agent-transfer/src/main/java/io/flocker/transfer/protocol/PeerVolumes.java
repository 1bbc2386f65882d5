package io.flocker.transfer.protocol;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Address;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerReach;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Volume;
import io.flocker.http.json.Json;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.PeerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks and tells other nodes about volumes. Every method blocks, for at most its deadline for each
 * address of the peer, and throws what the peer answered as the {@link FailureException} that it
 * was there. Any thread may call.
 */
public final class PeerVolumes {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** Acquiring renames and mounts; a rename may be retried for 10 s. */
  private static final Duration ACQUIRED = Duration.ofSeconds(60);

  private final PeerClient client;
  private final PeerBook peers;
  private final PeerReach reach;

  public PeerVolumes(PeerClient client, PeerBook peers, PeerReach reach) {
    this.client = client;
    this.peers = peers;
    this.reach = reach;
  }

  /** What a peer has of a volume. */
  public VolumeView view(NodeId peer, Volume volume) throws FailureException {
    String path =
        path(volume.id())
            + "?name="
            + volume.name()
            + "&owner="
            + volume.owner()
            + "&epoch="
            + volume.epoch();
    return read(call(peer, "GET", path, null, ANSWER).body(), VolumeView.class);
  }

  /** Announces a stream; tells at which address its body is awaited. */
  public PeerAddress announce(NodeId peer, TransferPlan plan) throws FailureException {
    return call(peer, "POST", "/node/v1/transfers", plan, ANSWER).address();
  }

  /** The path that takes the body of an announced stream. */
  public static String bodyPath(TransferPlan plan) {
    return "/node/v1/transfers/" + plan.id() + "/body";
  }

  /** How far an announced stream has come at the peer. */
  public TransferResult result(NodeId peer, UUID transfer) throws FailureException {
    String path = "/node/v1/transfers/" + transfer;
    return read(call(peer, "GET", path, null, ANSWER).body(), TransferResult.class);
  }

  /** Asks whether the peer could own the volume. */
  public void prepare(NodeId peer, VolumeId volume, PrepareRequest request)
      throws FailureException {
    call(peer, "POST", path(volume) + "/prepare", request, ANSWER);
  }

  /** Grants the volume to the peer; may be repeated until it answers. */
  public AcquireAnswer acquire(NodeId peer, VolumeId volume, AcquireRequest request)
      throws FailureException {
    JsonNode answer = call(peer, "POST", path(volume) + "/acquire", request, ACQUIRED).body();
    return read(answer, AcquireAnswer.class);
  }

  /** Tells the peer what the owner still keeps. */
  public void prune(NodeId peer, VolumeId volume, PruneRequest request) throws FailureException {
    call(peer, "POST", path(volume) + "/prune", request, ANSWER);
  }

  /** Reads what a peer said. */
  public static <T> T read(JsonNode answer, Class<T> type) throws FailureException {
    try {
      return Json.convert(answer, type);
    } catch (JacksonException e) {
      throw TransferFailure.PEER_FAILED
          .because("its answer cannot be read: " + e.getOriginalMessage())
          .causedBy(e);
    }
  }

  private static String path(VolumeId volume) {
    return "/node/v1/volumes/" + volume;
  }

  private record Answer(PeerAddress address, JsonNode body) {}

  private Answer call(
      NodeId peer, String method, String path, @Nullable Object body, Duration deadline)
      throws FailureException {
    List<FailureException> unreachable = new ArrayList<>();
    for (Address address : peers.require(peer).addresses()) {
      PeerAddress there = new PeerAddress(peer, address.host(), address.port());
      try {
        JsonNode answer = client.call(there, method, path, body, deadline);
        reach.answered(peer);
        return new Answer(there, answer);
      } catch (FailureException e) {
        if (e.failure() != TransferFailure.PEER_UNREACHABLE) {
          throw e;
        }
        unreachable.add(e);
      }
    }
    reach.missed(peer);
    FailureException last = unreachable.getLast();
    unreachable.stream().limit(unreachable.size() - 1L).forEach(last::addSuppressed);
    throw last;
  }
}
