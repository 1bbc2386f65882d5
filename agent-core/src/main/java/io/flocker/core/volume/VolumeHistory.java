package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.SnapshotClaims.Release;
import io.flocker.core.volume.VolumeLocks.Lease;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes snapshots away from the volumes that this node owns: one, or all that are newer than
 * another. What a peer's next increment starts from is given up on an explicit word only. Any
 * thread may call; every method blocks on ZFS and has the volume alone.
 */
public final class VolumeHistory {
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final PeerCursors cursors;
  private final VolumeLocks locks;
  private final VolumeUnmounter unmounter;
  private final SnapshotClaims claims;

  /** The history of the volumes of {@code catalog}. */
  VolumeHistory(
      Storage storage,
      VolumeCatalog catalog,
      PeerCursors cursors,
      VolumeLocks locks,
      VolumeUnmounter unmounter,
      SnapshotClaims claims) {
    this.storage = storage;
    this.catalog = catalog;
    this.cursors = cursors;
    this.locks = locks;
    this.unmounter = unmounter;
    this.claims = claims;
  }

  /**
   * What is asked of a rollback.
   *
   * @param snapshot name of the snapshot to go back to
   * @param isNewerLost whether snapshots that are newer may be destroyed
   * @param isForced whether even those that the next increment to a peer starts from
   */
  public record Rollback(String snapshot, boolean isNewerLost, boolean isForced) {}

  /**
   * Destroys one snapshot.
   *
   * @param isForced whether even one that the next increment to a peer starts from
   * @throws FailureException {@code NOT_OWNER}, {@code DATASET_NOT_FOUND}, {@code HAS_CLONES},
   *     {@code BASE_NEEDED} with the peers, {@code SNAPSHOT_HELD} with the holds
   */
  public void destroySnapshot(VolumeId id, String name, boolean isForced, Condition condition)
      throws FailureException {
    Action action =
        Action.start(
            ActionType.SNAPSHOT_DESTROY, Map.of("volume", id.toString(), "snapshot", name));
    var _ =
        action.call(() -> {
          try (Lease _ = locks.ownInTime(id, "destroy snapshot")) {
            Volume volume = catalog.requireOwned(id);
            condition.check(volume);
            Snapshot snapshot = volume.requireSnapshot(name);
            List<Snapshot> doomed = List.of(snapshot);
            Set<NodeId> peers = peersOf(volume, guids(doomed));
            if (!peers.isEmpty() && !isForced) {
              throw baseNeeded(volume, peers, "push something newer to them first, or force it");
            }
            List<Release> releases = claims.releases(volume, doomed, bases(volume, peers));
            return AllOrNothing.make(change -> {
              forget(volume, peers.stream().filter(peer -> !isBookmarked(volume, peer)), change);
              claims.release(volume, releases, change);
              catalog.snapshots().destroy(volume, snapshot);
              return true;
            });
          }
        });
  }

  /**
   * Takes a volume back to what it was at a snapshot; what was written since is lost.
   *
   * @return the volume as it is then, mounted if it was before
   * @throws FailureException {@code NOT_OWNER}, {@code DATASET_NOT_FOUND}, {@code NEWER_SNAPSHOTS},
   *     {@code VOLUME_IN_USE}, or as {@link #destroySnapshot} for those that are newer
   */
  public Volume rollBack(VolumeId id, Rollback wanted, Condition condition)
      throws FailureException {
    Action action =
        Action.start(
            ActionType.VOLUME_ROLLBACK,
            Map.of("volume", id.toString(), "snapshot", wanted.snapshot()));
    return action.call(() -> {
      try (Lease _ = locks.own(id, "rollback")) {
        Volume volume = catalog.requireOwned(id);
        condition.check(volume);
        rollBack(volume, wanted);
        return AllOrNothing.afterwards(() -> catalog.require(id));
      }
    });
  }

  private void rollBack(Volume volume, Rollback wanted) throws FailureException {
    Dataset dataset = volume.dataset();
    Snapshot target = volume.requireSnapshot(wanted.snapshot());
    List<Snapshot> newer =
        dataset.snapshots().stream().filter(s -> s.createtxg() > target.createtxg()).toList();
    Set<Guid> lost = new HashSet<>(guids(newer));
    dataset.bookmarks().stream()
        .filter(bookmark -> bookmark.createtxg() > target.createtxg())
        .map(Bookmark::guid)
        .forEach(lost::add);
    Set<NodeId> peers = peersOf(volume, lost);
    if (!newer.isEmpty() && !wanted.isNewerLost()) {
      FailureException refusal =
          OwnershipFailure.NEWER_SNAPSHOTS
              .because(newer.size() + " of its snapshots are newer than " + target.name())
              .with("snapshots", newer.stream().map(Snapshot::name).toList());
      throw peers.isEmpty() || wanted.isForced()
          ? refusal
          : refusal.told("peers hold one of them last, which needs force too").with("peers", peers);
    }
    if (!peers.isEmpty() && !wanted.isForced()) {
      throw baseNeeded(
          volume,
          peers,
          "only force rolls back behind that; their copies take no push then, until each is taken"
              + " away: "
              + peers.stream().map(volume::removalAt).collect(Collectors.joining(", ")));
    }
    List<Release> releases = claims.releases(volume, newer, bases(volume, peers));
    var _ =
        AllOrNothing.make(change -> {
          forget(volume, peers.stream(), change);
          unmounter.run(volume, change);
          claims.release(volume, releases, change);
          rollBack(dataset, target, newer, !lost.isEmpty());
          return true;
        });
    newer.forEach(snapshot -> catalog.events().destroyed(volume.id(), snapshot));
    catalog.events().changed(volume);
    remount(volume, target);
  }

  /** Once a snapshot that is newer is gone there is only forward. */
  private void rollBack(Dataset dataset, Snapshot target, List<Snapshot> newer, boolean isNewerLost)
      throws FailureException {
    try {
      storage.rollBack(dataset.name(), target.name(), isNewerLost);
    } catch (FailureException | RuntimeException e) {
      if (isWhole(dataset, newer, e)) {
        throw e;
      }
      AllOrNothing.afterwards(() -> {
        storage.rollBack(dataset.name(), target.name(), isNewerLost);
        return true;
      });
    }
  }

  private boolean isWhole(Dataset dataset, List<Snapshot> newer, Exception cause)
      throws FailureException {
    try {
      Optional<Dataset> there = storage.dataset(dataset.name());
      return there.isEmpty() || there.get().snapshots().containsAll(newer);
    } catch (FailureException unknown) {
      unknown.addSuppressed(cause);
      throw unknown.undecided();
    }
  }

  private void remount(Volume volume, Snapshot target) throws FailureException {
    try {
      var _ =
          AllOrNothing.afterwards(() -> {
            unmounter.undo(volume);
            return true;
          });
    } catch (FailureException e) {
      throw e.failure()
          .because(
              volume.name()
                  + " was rolled back to "
                  + target.name()
                  + " and cannot be mounted again now; that is tried again: "
                  + e.detail())
          .afterTheChange()
          .causedBy(e);
    }
  }

  /** The peers whose next increment starts from one of those. */
  private Set<NodeId> peersOf(Volume volume, Set<Guid> lost) {
    return cursors.of(volume.id()).entrySet().stream()
        .filter(cursor -> lost.contains(cursor.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static FailureException baseNeeded(Volume volume, Set<NodeId> peers, String remedy) {
    String who = peers.size() == 1 ? "a peer holds" : peers.size() + " peers hold";
    return OwnershipFailure.BASE_NEEDED
        .because("it is what " + who + " last of volume " + volume.id() + ": " + remedy)
        .with("peers", peers);
  }

  /** What the next increments to {@code peers} start from. */
  private Map<NodeId, Guid> bases(Volume volume, Set<NodeId> peers) {
    Map<NodeId, Guid> bases = cursors.of(volume.id());
    bases.keySet().retainAll(peers);
    return bases;
  }

  /** What the peers have is no base of anything any more. */
  private void forget(Volume volume, Stream<NodeId> peers, AllOrNothing change)
      throws FailureException {
    Map<NodeId, Guid> before = cursors.of(volume.id());
    Map<NodeId, Guid> left = new HashMap<>(before);
    peers.forEach(left::remove);
    change.onFailure(() -> cursors.replace(volume.id(), before));
    cursors.replace(volume.id(), left);
  }

  /** An increment can start from a bookmark too, where this ZFS has them. */
  private boolean isBookmarked(Volume volume, NodeId peer) {
    Guid guid = Objects.requireNonNull(cursors.of(volume.id()).get(peer), "cursor");
    String name = new BookmarkName(peer, guid).toString();
    return volume.dataset().bookmarks().stream().anyMatch(known -> known.name().equals(name));
  }

  private static Set<Guid> guids(List<Snapshot> snapshots) {
    return snapshots.stream().map(Snapshot::guid).collect(Collectors.toUnmodifiableSet());
  }
}
