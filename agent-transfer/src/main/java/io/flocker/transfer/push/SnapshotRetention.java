package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.retention.Retention;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.BookmarkName;
import io.flocker.core.volume.Hold;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.PruneRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which snapshots of a volume are kept, for whom, and for how long. At the owner; blocking, with
 * the volume's lock held.
 */
public final class SnapshotRetention {
  /** How many of the newest snapshots of ours stay beside the bases of the peers. */
  private static final int KEPT = 2;

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final PeerCursors cursors;
  private final PeerVolumes peers;

  public SnapshotRetention(
      Storage storage, VolumeCatalog catalog, PeerCursors cursors, PeerVolumes peers) {
    this.catalog = catalog;
    this.storage = storage;
    this.cursors = cursors;
    this.peers = peers;
  }

  /** A peer is proven to have a snapshot: that one is held for it now, the one before no more. */
  void arrived(Volume volume, NodeId peer, Guid guid) throws FailureException {
    Dataset dataset = volume.dataset();
    String tag = new Hold.Peer(peer).tag();
    Optional<Snapshot> now = dataset.snapshot(guid);
    if (now.isPresent()) {
      storage.hold(dataset.name(), now.get().name(), tag);
      bookmark(dataset, now.get(), peer);
    }
    Optional<Guid> before = cursors.move(volume.id(), peer, guid);
    if (before.isPresent() && !before.get().equals(guid)) {
      forget(dataset, peer, before.get());
    }
  }

  /** Holds nothing for peers any more: the volume has another owner, who keeps what they need. */
  public void letGo(Volume volume) throws FailureException {
    Dataset dataset = volume.dataset();
    for (Map.Entry<NodeId, Guid> cursor : cursors.of(volume.id()).entrySet()) {
      forget(dataset, cursor.getKey(), cursor.getValue());
    }
  }

  /**
   * Destroys what no peer needs any more, here and at the peer that was just sent to. What cannot
   * be destroyed now is left to the next time: no push fails for that.
   */
  void prune(Volume volume, NodeId peer) {
    try {
      List<Snapshot> expendable = pruneHere(volume, held(volume));
      List<Guid> keep =
          volume.dataset().snapshots().stream()
              .filter(snapshot -> !expendable.contains(snapshot))
              .map(Snapshot::guid)
              .toList();
      peers.prune(peer, volume.id(), new PruneRequest(volume.owner(), volume.epoch(), keep));
    } catch (FailureException e) {
      tellLeft(volume, e);
    }
  }

  /** What earlier pushes that failed left here, and that {@code peer} does not have. */
  List<Snapshot> failed(Volume volume, NodeId peer, Set<Guid> there) {
    Map<NodeId, Set<Guid>> held = held(volume);
    held.put(peer, there);
    return Retention.expendable(volume.dataset().snapshots(), held, KEPT);
  }

  /** Destroys those. */
  void pruneFailed(Volume volume, NodeId peer, Set<Guid> there) {
    try {
      var _ = destroy(catalog, volume, failed(volume, peer, there));
    } catch (FailureException e) {
      tellLeft(volume, e);
    }
  }

  private Map<NodeId, Set<Guid>> held(Volume volume) {
    return cursors.of(volume.id()).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                cursor -> Set.of(cursor.getValue()),
                (_, last) -> last,
                HashMap::new));
  }

  private List<Snapshot> pruneHere(Volume volume, Map<NodeId, Set<Guid>> held)
      throws FailureException {
    List<Snapshot> expendable = Retention.expendable(volume.dataset().snapshots(), held, KEPT);
    var _ = destroy(catalog, volume, expendable);
    return expendable;
  }

  private static void tellLeft(Volume volume, FailureException why) {
    Action.message(
        MessageType.SNAPSHOTS_LEFT,
        Map.of("volume", volume.id().toString(), "reason", why.detail()));
  }

  /** Destroys snapshots, but for those that somebody holds or uses, and tells which are gone. */
  public static List<String> destroy(
      VolumeCatalog catalog, Volume volume, List<Snapshot> expendable) throws FailureException {
    List<String> gone = new ArrayList<>();
    for (Snapshot snapshot : expendable) {
      try {
        catalog.destroySnapshot(volume, snapshot);
        gone.add(snapshot.name());
      } catch (FailureException e) {
        if (e.failure() != StorageFailure.SNAPSHOT_HELD
            && e.failure() != StorageFailure.DATASET_BUSY) {
          throw e;
        }
      }
    }
    if (!gone.isEmpty()) {
      Action.message(
          MessageType.SNAPSHOT_PRUNED,
          Map.of("dataset", volume.dataset().name(), "snapshots", gone));
    }
    return gone;
  }

  private void forget(Dataset dataset, NodeId peer, Guid guid) throws FailureException {
    Optional<Snapshot> held = dataset.snapshot(guid);
    if (held.isPresent()) {
      storage.release(dataset.name(), held.get().name(), new Hold.Peer(peer).tag());
    }
    String bookmark = new BookmarkName(peer, guid).toString();
    if (dataset.bookmarks().stream().anyMatch(known -> known.name().equals(bookmark))) {
      storage.destroyBookmark(dataset.name(), bookmark);
    }
  }

  private void bookmark(Dataset dataset, Snapshot snapshot, NodeId peer) throws FailureException {
    if (storage.capabilities().canBookmark()) {
      String name = new BookmarkName(peer, snapshot.guid()).toString();
      storage.bookmark(dataset.name(), snapshot.name(), name);
    }
  }
}
