package io.flocker.transfer.verify;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.Verified;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SnapshotViews;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.protocol.DigestAnswer;
import io.flocker.transfer.protocol.DigestRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Proves that a copy has what its owner has. Blocking; any thread may call. */
public final class Verification {
  /** How often another snapshot is chosen where one was pruned meanwhile. */
  private static final int MOST_CHOICES = 5;

  private final NodeVolumes node;
  private final PeerVolumes peers;
  private final DigestService digests;

  public Verification(NodeVolumes node, PeerVolumes peers, DigestService digests) {
    this.node = node;
    this.peers = peers;
    this.digests = digests;
  }

  /** What both sides have read. */
  private record Reading(Volume volume, NodeId peer, Snapshot snapshot, String here, String there) {
    Optional<FailureException> difference() {
      return here.equals(there)
          ? Optional.empty()
          : Optional.of(
              TransferFailure.COPY_DIFFERS
                  .because(
                      "snapshot %s of volume %s does not contain the same at node %s as at its owner"
                          .formatted(snapshot.name(), volume.name(), peer))
                  .with("node", peer)
                  .with("snapshot", snapshot.name())
                  .with("guid", snapshot.guid())
                  .with("here", here)
                  .with("there", there));
    }

    Verified result() {
      return new Verified(
          snapshot.guid(),
          snapshot.name(),
          Instant.now().truncatedTo(ChronoUnit.MILLIS),
          difference().map(FailureException::document));
    }
  }

  /**
   * Compares the newest snapshot that both have. Nobody has to wait meanwhile: who destroys that
   * snapshot ends the comparison, here or there.
   *
   * @param found is told what came of it
   * @return what the operation's result tells
   * @throws FailureException {@code COPY_DIFFERS} where they do not have the same
   */
  public Map<String, Object> run(Copy copy, Consumer<Verified> found, OperationContext context)
      throws FailureException {
    Reading reading = read(copy, context);
    found.accept(reading.result());
    if (reading.difference().isPresent()) {
      throw reading.difference().get();
    }
    Snapshot snapshot = reading.snapshot();
    return Map.of(
        "peer", copy.peer(),
        "snapshot", snapshot.name(),
        "guid", snapshot.guid(),
        "sha256", reading.here());
  }

  /** Does the same where nobody has asked for it; that they differ is a result. */
  public Verified verify(Copy copy, OperationContext context) throws FailureException {
    Action action =
        Action.startTask(
            ActionType.VERIFICATION,
            Map.of("volume", copy.volume().toString(), "peer", copy.peer().toString()));
    return action.call(() -> read(copy, context).result());
  }

  /** The chosen snapshot may be pruned before it is opened: then a newer one is chosen. */
  private Reading read(Copy copy, OperationContext context) throws FailureException {
    context.phase("planning");
    Volume volume = node.catalog().requireOwned(copy.volume());
    for (int choice = 1; ; choice++) {
      Volume present = choice == 1 ? volume : node.catalog().requireOwned(copy.volume());
      Snapshot common = CancellableWait.of(context, () -> newestCommon(present, copy.peer()));
      try {
        return read(present, copy.peer(), common, context);
      } catch (FailureException e) {
        if (e.failure() != StorageFailure.DATASET_NOT_FOUND || choice == MOST_CHOICES) {
          throw e;
        }
      }
    }
  }

  /**
   * Opens this node's view before the peer begins to read, which may take days in which the
   * snapshot would be pruned. Cancelling ends only the reading, so that the view can still be
   * closed, by a command of ZFS.
   */
  private Reading read(Volume volume, NodeId peer, Snapshot common, OperationContext context)
      throws FailureException {
    try (SnapshotViews.View view = node.views().open(volume.id(), common.guid())) {
      Consumer<Runnable> end = DigestService.hooks(context::onCancel, view);
      return DigestService.readOrGiveWay(
          view,
          () -> {
            context.phase("reading at the peer");
            String there =
                CancellableWait.of(
                        end, () -> digest(peer, volume.id(), new DigestRequest(common.guid())))
                    .sha256();
            String here = CancellableWait.of(end, () -> digests.of(view, phases(context)));
            return new Reading(volume, peer, common, here, there);
          });
    }
  }

  private static ReadingTurns.TurnListener phases(OperationContext context) {
    return new ReadingTurns.TurnListener() {
      @Override
      public void waits() throws FailureException {
        context.phase("waiting for other comparisons");
      }

      @Override
      public void begins() throws FailureException {
        context.phase("reading");
      }
    };
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
