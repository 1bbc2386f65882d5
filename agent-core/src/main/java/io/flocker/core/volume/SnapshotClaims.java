package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Holds;
import io.flocker.core.storage.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What keeps snapshots of a volume from being destroyed. Any thread may call. */
final class SnapshotClaims {
  private final VolumeCatalog catalog;
  private final SnapshotHolds holds;
  private final SnapshotViews views;

  SnapshotClaims(VolumeCatalog catalog, SnapshotHolds holds, SnapshotViews views) {
    this.views = views;
    this.catalog = catalog;
    this.holds = holds;
  }

  /** A hold that goes away with its snapshot. */
  record Release(Snapshot snapshot, Hold hold) {}

  /**
   * The holds to release so that snapshots can be destroyed.
   *
   * @param bases what is given up: snapshots that the next increments to peers start from
   * @throws FailureException {@code HAS_CLONES}, {@code VOLUME_LOCKED} where a comparison does not
   *     give way, or {@code SNAPSHOT_HELD} by anybody else
   */
  List<Release> releases(Volume volume, List<Snapshot> doomed, Map<NodeId, Guid> bases)
      throws FailureException {
    List<Release> releases = new ArrayList<>();
    if (doomed.isEmpty()) {
      return releases;
    }
    requireNoClones(volume, doomed);
    Map<String, Holds> held = holds.of(volume);
    for (Snapshot snapshot : doomed) {
      Map<String, Hold> released = new TreeMap<>();
      bases.forEach((peer, guid) -> {
        if (guid.equals(snapshot.guid())) {
          Hold hold = new Hold.Peer(peer);
          released.put(hold.tag(), hold);
        }
      });
      releases.addAll(
          releases(volume.dataset().name(), snapshot, held.get(snapshot.name()), released));
    }
    return releases;
  }

  /** Releases holds; where the change fails, they are there again. */
  void release(Volume volume, List<Release> releases, AllOrNothing change) throws FailureException {
    for (Release release : releases) {
      change.onFailure(() -> holds.hold(volume, release.snapshot(), release.hold()));
      holds.release(volume, release.snapshot(), release.hold());
    }
  }

  private static List<Release> releases(
      String dataset, Snapshot snapshot, @Nullable Holds holds, Map<String, Hold> released)
      throws FailureException {
    if (holds == null) {
      return List.of();
    }
    boolean isFree =
        holds.count() <= released.size() && released.keySet().containsAll(holds.tags());
    if (!isFree) {
      throw StorageFailure.SNAPSHOT_HELD
          .because(
              "snapshot %s has %d %s%s; zfs release TAG '%s@%s' takes away one that is not flockerd's"
                  .formatted(
                      snapshot.name(),
                      holds.count(),
                      holds.count() == 1 ? "hold" : "holds",
                      reasons(holds),
                      dataset,
                      snapshot.name()))
          .with("dataset", dataset)
          .with("snapshot", snapshot.name())
          .with("holds", holds.tags());
    }
    return released.values().stream()
        .filter(hold -> untold(holds) > 0 || holds.tags().contains(hold.tag()))
        .map(hold -> new Release(snapshot, hold))
        .toList();
  }

  /** How many holds there are whose tags nobody tells. */
  private static int untold(Holds holds) {
    return holds.count() - holds.tags().size();
  }

  private static String reasons(Holds holds) {
    String told =
        holds.tags().stream().map(tag -> "; it " + Hold.reason(tag)).collect(Collectors.joining());
    return untold(holds) == 0
        ? told
        : told + "; the tags of " + untold(holds) + " this ZFS does not tell";
  }

  private void requireNoClones(Volume volume, List<Snapshot> doomed) throws FailureException {
    List<String> clones = catalog.snapshots().clonesOf(volume.dataset(), doomed);
    if (areViews(clones)) {
      views.leave(clones);
      clones = catalog.snapshots().clonesOf(volume.dataset(), doomed);
    }
    if (areViews(clones)) {
      String holder = "a comparison of copies";
      throw OwnershipFailure.VOLUME_LOCKED
          .because(holder + " reads what would be destroyed of volume " + volume.id())
          .with("holder", holder);
    }
    if (!clones.isEmpty()) {
      throw OwnershipFailure.HAS_CLONES
          .because("datasets are clones of what would be destroyed of volume " + volume.id())
          .with("clones", clones);
    }
  }

  private static boolean areViews(List<String> clones) {
    return !clones.isEmpty() && clones.stream().allMatch(SnapshotViews::isView);
  }
}
