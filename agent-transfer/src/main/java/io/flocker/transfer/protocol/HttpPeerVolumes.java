package io.flocker.transfer.protocol;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerReach;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Volume;
import io.flocker.http.net.EventLoops;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.UploadListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Peers that are asked over HTTPS, at the addresses that the peer book has of them. */
public final class HttpPeerVolumes implements PeerVolumes {
  private static final String TRANSFERS = "/node/v1/transfers";
  private static final String PREPARE_APPLICATION = "/node/v1/applications/prepare";
  private static final String VOLUMES = "/node/v1/volumes";
  private static final String STREAM = "application/octet-stream";

  /** Of a peer that says nothing at all; older flockerds say nothing until they answer. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** Acquiring renames and mounts, which takes longer there. */
  private static final Duration SILENCE_OF_ACQUIRE = Duration.ofSeconds(60);

  private final PeerClient client;
  private final EventLoops loops;
  private final PeerBook peers;
  private final PeerReach reach;

  public HttpPeerVolumes(PeerClient client, EventLoops loops, PeerBook peers, PeerReach reach) {
    this.client = client;
    this.loops = loops;
    this.peers = peers;
    this.reach = reach;
  }

  @Override
  public VolumeView view(NodeId peer, Volume volume) throws FailureException {
    String path =
        path(volume.id())
            + "?name="
            + volume.name()
            + "&owner="
            + volume.owner()
            + "&epoch="
            + volume.epoch();
    return call(peer, "GET", path, null, SILENCE, VolumeView.class);
  }

  @Override
  public PeerAddress announce(NodeId peer, TransferPlan plan) throws FailureException {
    return call(peer, "POST", TRANSFERS, plan, SILENCE).address();
  }

  @Override
  public void send(PeerAddress address, TransferPlan plan, UploadListener stream) {
    String path = TRANSFERS + "/" + plan.id() + "/body";
    client.upload(address, path, STREAM, Map.of(), loops.next(), stream);
  }

  @Override
  public TransferResult result(NodeId peer, UUID transfer) throws FailureException {
    String path = TRANSFERS + "/" + transfer;
    return call(peer, "GET", path, null, SILENCE, TransferResult.class);
  }

  @Override
  public void prepare(NodeId peer, VolumeId volume, PrepareRequest request)
      throws FailureException {
    call(peer, "POST", path(volume) + "/prepare", request, SILENCE);
  }

  @Override
  public AcquireAnswer acquire(NodeId peer, VolumeId volume, AcquireRequest request)
      throws FailureException {
    return call(
        peer, "POST", path(volume) + "/acquire", request, SILENCE_OF_ACQUIRE, AcquireAnswer.class);
  }

  @Override
  public void prune(NodeId peer, VolumeId volume, PruneRequest request) throws FailureException {
    call(peer, "POST", path(volume) + "/prune", request, SILENCE);
  }

  @Override
  public SetAsideAnswer setAside(NodeId peer, VolumeId volume, SetAsideRequest request)
      throws FailureException {
    return call(peer, "POST", path(volume) + "/set-aside", request, SILENCE, SetAsideAnswer.class);
  }

  @Override
  public ConfirmAnswer confirm(NodeId peer, VolumeId volume, ConfirmRequest question)
      throws FailureException {
    return call(peer, "POST", path(volume) + "/confirm", question, SILENCE, ConfirmAnswer.class);
  }

  @Override
  public FindAnswer find(NodeId peer, FindRequest request) throws FailureException {
    return call(peer, "POST", VOLUMES + "/find", request, SILENCE, FindAnswer.class);
  }

  @Override
  public PrepareApplicationAnswer prepare(NodeId peer, PrepareApplicationRequest request)
      throws FailureException {
    return call(
        peer, "POST", PREPARE_APPLICATION, request, SILENCE, PrepareApplicationAnswer.class);
  }

  @Override
  public void give(NodeId peer, VolumeId volume) throws FailureException {
    call(peer, "POST", path(volume) + "/give", Map.of(), SILENCE);
  }

  @Override
  public DigestAnswer digest(NodeId peer, VolumeId volume, DigestRequest request)
      throws FailureException {
    return call(peer, "POST", path(volume) + "/digest", request, SILENCE, DigestAnswer.class);
  }

  private static String path(VolumeId volume) {
    return VOLUMES + "/" + volume;
  }

  private record Answer<T>(PeerAddress address, T said) {}

  private <T> T call(
      NodeId peer,
      String method,
      String path,
      @Nullable Object body,
      Duration silence,
      Class<T> type)
      throws FailureException {
    return ask(peer, method, path, body, silence, answer -> PeerVolumes.read(answer, type)).said();
  }

  private Answer<JsonNode> call(
      NodeId peer, String method, String path, @Nullable Object body, Duration silence)
      throws FailureException {
    return ask(peer, method, path, body, silence, answer -> answer);
  }

  private <T> Answer<T> ask(
      NodeId peer,
      String method,
      String path,
      @Nullable Object body,
      Duration silence,
      PeerClient.AnswerReader<T> reader)
      throws FailureException {
    Peer asked = peers.require(peer);
    List<FailureException> unreachable = new ArrayList<>();
    for (Address address : asked.addresses()) {
      PeerAddress there = new PeerAddress(peer, address);
      try {
        T answer = client.call(there, method, path, body, silence, reader);
        reach.answered(asked);
        return new Answer<>(there, answer);
      } catch (FailureException e) {
        if (e.failure() != TransferFailure.PEER_UNREACHABLE || e.isTold()) {
          reach.failed(asked, e, silence);
          throw e.toldBy(peer); // A remedy is for the node that has refused, whoever reads it.
        }
        unreachable.add(e);
      }
    }
    FailureException last = unreachable.getLast();
    reach.failed(asked, last, silence);
    unreachable.stream().limit(unreachable.size() - 1L).forEach(last::addSuppressed);
    throw last;
  }
}
