package io.flocker.core.retention;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.SnapshotPurpose;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says which snapshots nobody needs any more. A pure function, the same at the owner and at a
 * replica, where the owner is one of the peers.
 *
 * <p>Only what flockerd took for a push or a handoff is ever given up. The newest snapshot stays,
 * and so does the newest one in common with each peer, however old: without it the peer would need
 * a full stream.
 */
public final class Retention {
  private static final Comparator<Snapshot> BY_AGE = Comparator.comparingLong(Snapshot::createtxg);

  private Retention() {}

  /**
   * The snapshots to destroy, oldest first.
   *
   * @param snapshots of one dataset, in any order
   * @param heldByPeers for every known peer the guids that it holds, or last held: a peer that does
   *     not answer keeps its base
   * @param rules what is kept beside those; what any of them keeps stays
   */
  public static List<Snapshot> expendable(
      List<Snapshot> snapshots,
      Map<NodeId, ? extends Collection<Guid>> heldByPeers,
      List<RetentionRules> rules) {
    List<Snapshot> newestFirst = snapshots.stream().sorted(BY_AGE.reversed()).toList();
    List<Snapshot> prunable = newestFirst.stream().filter(Retention::isPrunable).toList();
    Set<Guid> needed = new HashSet<>();
    newestFirst.stream().limit(1).map(Snapshot::guid).forEach(needed::add);
    rules.forEach(rule -> needed.addAll(rule.kept(prunable)));
    heldByPeers.values().stream()
        .map(held -> newestCommon(newestFirst, Set.copyOf(held)))
        .flatMap(Optional::stream)
        .forEach(needed::add);
    return prunable.reversed().stream()
        .filter(snapshot -> !needed.contains(snapshot.guid()))
        .toList();
  }

  private static Optional<Guid> newestCommon(List<Snapshot> newestFirst, Set<Guid> held) {
    return newestFirst.stream().map(Snapshot::guid).filter(held::contains).findFirst();
  }

  /** Whether flockerd took it for itself, so that it may go once nobody needs it. */
  public static boolean isPrunable(Snapshot snapshot) {
    return SnapshotName.parse(snapshot.name())
        .filter(name -> name.purpose() != SnapshotPurpose.MANUAL)
        .isPresent();
  }
}
