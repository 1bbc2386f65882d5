package io.flocker.cli.daemon;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerReach;
import io.flocker.core.peer.Reach;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Replication;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.LeftoverSweep;
import io.flocker.core.volume.PeerBases;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.TransferDocument;
import io.flocker.http.assembly.PublicApi;
import io.flocker.transfer.assembly.ByteMover;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.zfs.ZfsStorage;
import java.util.List;
import java.util.Optional;

/** What the daemon tells its API, and the other way round. Any thread. */
record ApiHost(
    ZfsStorage storage,
    NodeWarnings seen,
    TransferBoard board,
    PeerBases bases,
    LeftoverSweep sweep,
    ByteMover mover,
    Clearance clearance,
    Replication replication,
    PeerReach reach,
    SnapshotHooks hooks)
    implements PublicApi.Host {
  @Override
  public List<List<String>> stuckCommands() {
    return storage.stuckChildren().stream()
        .map(stuck -> List.of(stuck.command().split(" ")))
        .toList();
  }

  @Override
  public List<NodeDocument.Warning> warnings() {
    return seen.get();
  }

  @Override
  public List<TransferDocument> transfers() {
    return board.running();
  }

  @Override
  public List<CopyStatus> copies() {
    return replication.status();
  }

  @Override
  public void requireCarriedOut(Policy policy) throws FailureException {
    hooks.requireKnown(policy);
  }

  @Override
  public void came(NodeId peer) {
    clearance.peerAdded(peer);
  }

  @Override
  public Optional<Reach> reach(Peer peer) {
    return reach.of(peer);
  }

  @Override
  public void left(NodeId peer) throws FailureException {
    reach.forget(peer);
    clearance.peerTakenOut(peer);
    mover.takenOut(peer);
    bases.takenOut(peer);
    sweep.releaseHolds();
  }
}
