package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a volume so that the next increment to each peer has a base: the peer's cursor, a
 * hold on the snapshot that it names, and a bookmark of it where ZFS has them. Any thread may call,
 * with a turn at the volume; every method blocks on ZFS.
 */
public final class PeerBases {
  private final Storage storage;
  private final PeerCursors cursors;
  private final SnapshotHolds holds;
  private final HoldJournal journal;

  /** The bases of the peers that {@code cursors} tell of. */
  public PeerBases(Storage storage, PeerCursors cursors, SnapshotHolds holds, HoldJournal journal) {
    this.storage = storage;
    this.cursors = cursors;
    this.holds = holds;
    this.journal = journal;
  }

  /** A peer is proven to have a snapshot: that one is held for it now, the one before no more. */
  public void arrived(Volume volume, NodeId peer, Guid guid) throws FailureException {
    Optional<Snapshot> now = volume.dataset().snapshot(guid);
    if (now.isPresent()) {
      holds.hold(volume, now.get(), new Hold.Peer(peer));
      bookmark(volume, now.get(), peer);
    }
    Optional<Guid> before = cursors.move(volume.id(), peer, guid);
    if (before.isPresent() && !before.get().equals(guid)) {
      letGo(volume, peer, before.get());
    }
  }

  /** Holds nothing for peers any more: the volume has another owner, who keeps what they need. */
  public void letGo(Volume volume) throws FailureException {
    for (Map.Entry<NodeId, Guid> cursor : cursors.of(volume.id()).entrySet()) {
      letGo(volume, cursor.getKey(), cursor.getValue());
    }
  }

  /**
   * Keeps nothing any more for a peer that was taken out. Its cursors are gone when this returns;
   * what is held for it is written down, for the next sweep to release.
   */
  public void takenOut(NodeId peer) throws FailureException {
    for (Map.Entry<VolumeId, Guid> cursor : cursors.at(peer).entrySet()) {
      journal.add(
          new HoldJournal.Entry(cursor.getKey(), cursor.getValue(), new Hold.Peer(peer).tag()));
    }
    cursors.forget(peer);
  }

  private void letGo(Volume volume, NodeId peer, Guid guid) throws FailureException {
    Optional<Snapshot> held = volume.dataset().snapshot(guid);
    if (held.isPresent()) {
      holds.release(volume, held.get(), new Hold.Peer(peer));
    }
    String bookmark = new BookmarkName(peer, guid).toString();
    if (volume.dataset().bookmarks().stream().anyMatch(known -> known.name().equals(bookmark))) {
      storage.destroyBookmark(volume.dataset().name(), bookmark);
    }
  }

  private void bookmark(Volume volume, Snapshot snapshot, NodeId peer) throws FailureException {
    if (storage.capabilities().canBookmark()) {
      String name = new BookmarkName(peer, snapshot.guid()).toString();
      storage.bookmark(volume.dataset().name(), snapshot.name(), name);
    }
  }
}
