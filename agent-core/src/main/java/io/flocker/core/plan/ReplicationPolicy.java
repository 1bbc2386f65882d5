package io.flocker.core.plan;

import io.flocker.core.storage.Snapshot;
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
  /** The newest snapshot for a new peer, then all that follow, in batches. */
  public static final ReplicationPolicy DEFAULT =
      new ReplicationPolicy(InitialReplication.MOST_RECENT, true, _ -> true);
}
