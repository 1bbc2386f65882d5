package io.flocker.transfer.verify;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SnapshotViews;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.protocol.DigestAnswer;
import io.flocker.transfer.protocol.DigestRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Proves that a copy has what its owner has. Blocking; any thread may call. */
public final class Verification {
  private final NodeVolumes node;
  private final PeerVolumes peers;
  private final DigestService digests;

  public Verification(NodeVolumes node, PeerVolumes peers, DigestService digests) {
    this.node = node;
    this.peers = peers;
    this.digests = digests;
  }

  /**
   * Compares the newest snapshot that both have. Nobody has to wait meanwhile; that snapshot alone
   * cannot be destroyed.
   *
   * @return what the operation's result tells
   * @throws FailureException {@code COPY_DIFFERS} where they do not have the same
   */
  public Map<String, Object> run(VolumeId id, NodeId peer, OperationContext context)
      throws FailureException {
    context.phase("planning");
    Volume volume = node.catalog().requireOwned(id);
    Snapshot common = CancellableWait.of(context, () -> newestCommon(volume, peer));
    context.phase("reading at the peer");
    String there =
        CancellableWait.of(context, () -> digest(peer, id, new DigestRequest(common.guid())))
            .sha256();
    context.phase("reading");
    String here = read(id, common.guid(), context);
    if (!here.equals(there)) {
      throw TransferFailure.COPY_DIFFERS
          .because(
              "snapshot %s of volume %s does not contain the same at node %s as at its owner"
                  .formatted(common.name(), volume.name(), peer))
          .with("node", peer)
          .with("snapshot", common.name())
          .with("guid", common.guid())
          .with("here", here)
          .with("there", there);
    }
    return Map.of("peer", peer, "snapshot", common.name(), "guid", common.guid(), "sha256", here);
  }

  private DigestAnswer digest(NodeId peer, VolumeId id, DigestRequest request)
      throws FailureException {
    try {
      return peers.digest(peer, id, request);
    } catch (FailureException e) {
      if (e.failure() != RequestFailure.NOT_FOUND) {
        throw e;
      }
      throw TransferFailure.PEER_FAILED
          .because(
              "node %s is of an older flockerd, which reads no copy for a comparison: update it"
                  .formatted(peer))
          .with("node", peer)
          .causedBy(e);
    }
  }

  /** Cancelling ends the reading alone: the view is closed by a thread that may ask ZFS. */
  private String read(VolumeId id, Guid snapshot, OperationContext context)
      throws FailureException {
    try (SnapshotViews.View view = node.views().open(id, snapshot)) {
      return CancellableWait.of(context, () -> digests.of(view));
    }
  }

  private Snapshot newestCommon(Volume volume, NodeId peer) throws FailureException {
    Set<Guid> there =
        peers.view(peer, volume).snapshots().stream()
            .map(Snapshot::guid)
            .collect(Collectors.toUnmodifiableSet());
    return volume.dataset().snapshots().stream()
        .filter(snapshot -> there.contains(snapshot.guid()))
        .max(Comparator.comparingLong(Snapshot::createtxg))
        .orElseThrow(() ->
            TransferFailure.NOTHING_TO_VERIFY
                .because(
                    "node %s has no snapshot of volume %s that its owner has, too"
                        .formatted(peer, volume.name()))
                .with("node", peer));
  }
}
