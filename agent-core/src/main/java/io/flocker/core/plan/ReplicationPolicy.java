package io.flocker.core.plan;

import io.flocker.core.storage.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the owner of a volume wants a peer to hold.
 *
 * @param initial what a peer without a copy is given
 * @param isBatched whether neighbouring snapshots travel in one stream ({@code -I}) instead of one
 *     stream each
 * @param wanted which snapshots are sent; one that is not wanted may still be the base of a stream
 */
public record ReplicationPolicy(
    InitialReplication initial, boolean isBatched, Predicate<Snapshot> wanted) {
  /**
   * What makes a first copy: the newest snapshot and, where {@code initial} is {@code ALL}, those
   * before it that last. What flockerd took for itself is gone soon, and would only cost streams.
   *
   * @param snapshots all of the sender's, in any order
   * @param isLasting whether somebody would miss an older one at the peer
   */
  public static ReplicationPolicy firstCopy(
      InitialReplication initial,
      boolean isBatched,
      List<Snapshot> snapshots,
      Predicate<Snapshot> isLasting) {
    Optional<Snapshot> newest =
        snapshots.stream().max(Comparator.comparingLong(Snapshot::createtxg));
    Predicate<Snapshot> isNewest = snapshot -> newest.filter(snapshot::equals).isPresent();
    return new ReplicationPolicy(initial, isBatched, isLasting.or(isNewest));
  }

  /** What brings a copy up to date: all that it lacks. */
  public static ReplicationPolicy update(boolean isBatched) {
    return new ReplicationPolicy(InitialReplication.FAIL, isBatched, _ -> true);
  }
}
