package io.flocker.transfer.confirm;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.Volume;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.UploadListener;
import io.flocker.transfer.protocol.AcquireAnswer;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.ConfirmAnswer;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.DigestAnswer;
import io.flocker.transfer.protocol.DigestRequest;
import io.flocker.transfer.protocol.FindAnswer;
import io.flocker.transfer.protocol.FindRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.PrepareApplicationAnswer;
import io.flocker.transfer.protocol.PrepareApplicationRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import io.flocker.transfer.protocol.PruneRequest;
import io.flocker.transfer.protocol.SetAsideAnswer;
import io.flocker.transfer.protocol.SetAsideRequest;
import io.flocker.transfer.protocol.TransferResult;
import io.flocker.transfer.protocol.VolumeView;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * Asks peers; one whose answer contradicts what this node has on record is then asked to prove it.
 * Any thread, as {@link PeerVolumes}.
 */
public final class DoubtingPeers implements PeerVolumes {
  private static final Set<OwnershipFailure> DOUBTS =
      EnumSet.of(
          OwnershipFailure.STALE_EPOCH,
          OwnershipFailure.CONTESTED,
          OwnershipFailure.SUPERSEDED,
          OwnershipFailure.OWNED_HERE);

  private final PeerVolumes peers;
  private final Clearance clearance;

  public DoubtingPeers(PeerVolumes peers, Clearance clearance) {
    this.peers = peers;
    this.clearance = clearance;
  }

  private interface Question<T> {
    T ask() throws FailureException;
  }

  private <T> T ask(NodeId peer, VolumeId volume, Question<T> question) throws FailureException {
    try {
      return question.ask();
    } catch (FailureException e) {
      if (isDoubt(e.failure())) {
        clearance.doubted(volume, peer);
      }
      throw e;
    }
  }

  private static boolean isDoubt(Failure failure) {
    return failure instanceof OwnershipFailure known && DOUBTS.contains(known);
  }

  @Override
  public VolumeView view(NodeId peer, Volume volume) throws FailureException {
    VolumeView view = peers.view(peer, volume);
    if (view.highestEpoch() > volume.epoch()) {
      clearance.doubted(volume.id(), peer);
    }
    return view;
  }

  @Override
  public PeerAddress announce(NodeId peer, TransferPlan plan) throws FailureException {
    return ask(peer, plan.lineage(), () -> peers.announce(peer, plan));
  }

  @Override
  public void send(PeerAddress address, TransferPlan plan, UploadListener stream) {
    peers.send(address, plan, stream);
  }

  @Override
  public TransferResult result(NodeId peer, UUID transfer) throws FailureException {
    return peers.result(peer, transfer);
  }

  @Override
  public void prepare(NodeId peer, VolumeId volume, PrepareRequest request)
      throws FailureException {
    boolean _ =
        ask(
            peer,
            volume,
            () -> {
              peers.prepare(peer, volume, request);
              return true;
            });
  }

  @Override
  public AcquireAnswer acquire(NodeId peer, VolumeId volume, AcquireRequest request)
      throws FailureException {
    return ask(peer, volume, () -> peers.acquire(peer, volume, request));
  }

  @Override
  public void prune(NodeId peer, VolumeId volume, PruneRequest request) throws FailureException {
    peers.prune(peer, volume, request);
  }

  @Override
  public SetAsideAnswer setAside(NodeId peer, VolumeId volume, SetAsideRequest request)
      throws FailureException {
    return ask(peer, volume, () -> peers.setAside(peer, volume, request));
  }

  @Override
  public ConfirmAnswer confirm(NodeId peer, VolumeId volume, ConfirmRequest question)
      throws FailureException {
    return peers.confirm(peer, volume, question);
  }

  @Override
  public FindAnswer find(NodeId peer, FindRequest request) throws FailureException {
    return peers.find(peer, request);
  }

  @Override
  public PrepareApplicationAnswer prepare(NodeId peer, PrepareApplicationRequest request)
      throws FailureException {
    return peers.prepare(peer, request);
  }

  @Override
  public void give(NodeId peer, VolumeId volume) throws FailureException {
    peers.give(peer, volume);
  }

  @Override
  public DigestAnswer digest(NodeId peer, VolumeId volume, DigestRequest request)
      throws FailureException {
    return peers.digest(peer, volume, request);
  }
}
