package io.flocker.core.volume;

import io.flocker.core.event.EventSink;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.HolderSearch;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.ownership.EpochDecider;
import java.time.InstantSource;

/** A node's volumes and all that looks after them, put together once. Any thread. */
public record NodeVolumes(
    LocalNode home,
    Storage storage,
    NodeMemory memory,
    EventSink events,
    VolumeLocks locks,
    VolumeCatalog catalog,
    SnapshotHolds holds,
    PeerBases bases,
    Volumes volumes,
    VolumeHistory history,
    Replicas replicas,
    VolumeMounter mounter,
    RevertedCopies reverted,
    Fencing fencing,
    Confirmations confirmations,
    Clearance clearance,
    SnapshotViews views) {
  /**
   * Puts them together over a pool.
   *
   * @param decider is asked for each epoch that this node makes
   * @param holders tells who keeps a volume from being unmounted
   * @param maker of what tells whether this node may still write what it owns
   */
  public static NodeVolumes of(
      LocalNode home,
      Storage storage,
      NodeMemory memory,
      EpochDecider decider,
      HolderSearch holders,
      Clearance.Maker maker,
      EventSink events) {
    VolumeLocks locks = new VolumeLocks();
    VolumeCatalog catalog =
        new VolumeCatalog(storage, home.node(), memory.epochs(), decider, events);
    SnapshotHolds holds = new SnapshotHolds(storage, memory.journals().holds());
    BareFolders folders = new BareFolders(memory.journals().folders());
    Confirmations confirmations =
        new Confirmations(memory.journals().confirmations(), InstantSource.system());
    Fencing fencing = new Fencing(storage, catalog, memory, confirmations, folders, holders);
    Clearance clearance = maker.of(catalog, fencing, confirmations);
    VolumeMounter mounter =
        new VolumeMounter(storage, catalog, home, locks, clearance, folders, fencing);
    VolumeUnmounter unmounter = new VolumeUnmounter(storage, holders, mounter);
    SnapshotViews views = new SnapshotViews(storage, catalog, locks, home);
    SnapshotClaims claims = new SnapshotClaims(catalog, holds, views);
    return new NodeVolumes(
        home,
        storage,
        memory,
        events,
        locks,
        catalog,
        holds,
        new PeerBases(storage, memory.cursors(), holds, memory.journals().holds()),
        new Volumes(storage, catalog, home, memory, locks, unmounter, claims, clearance),
        new VolumeHistory(storage, catalog, memory.cursors(), locks, unmounter, claims),
        new Replicas(storage, catalog, home, memory, fencing),
        mounter,
        new RevertedCopies(home.node(), catalog, memory),
        fencing,
        confirmations,
        clearance,
        views);
  }

  /** The node itself. */
  public NodeId self() {
    return home.node();
  }
}
