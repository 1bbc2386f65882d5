package io.flocker.core.plan;

import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Point;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts what a receiver lacks into increments, in one pass. One thread only.
 *
 * <p>Neighbouring wanted snapshots share a stream. A stream of its own ({@code -i}) goes to the
 * first one after a bookmark, which cannot be the base of {@code -I}, and to the first one after a
 * snapshot that is not wanted, which {@code -I} would bring along.
 */
final class Increments {
  /** Keeps the announcement of one stream, which lists what it brings, below some 100 KiB. */
  static final int MAX_BATCH = 1_000;

  private final ReplicationPolicy policy;
  private final SendFlags flags;
  private final List<Step> steps = new ArrayList<>();
  private List<Snapshot> batch = new ArrayList<>();
  private boolean isBaseAdjacent = true;
  private Point base;

  private Increments(Point base, ReplicationPolicy policy, SendFlags flags) {
    this.base = base;
    this.policy = policy;
    this.flags = flags;
  }

  /**
   * The increments that bring the wanted ones of {@code newer}.
   *
   * @param base what the receiver holds as its newest snapshot
   * @param newer all of the sender's snapshots after {@code base}, oldest first
   */
  static List<Step> after(
      Point base, List<Snapshot> newer, ReplicationPolicy policy, SendFlags flags) {
    Increments increments = new Increments(base, policy, flags);
    newer.forEach(increments::consider);
    increments.endBatch();
    return increments.steps;
  }

  private void consider(Snapshot snapshot) {
    if (!policy.wanted().test(snapshot)) {
      endBatch();
      isBaseAdjacent = false;
      return;
    }
    batch.add(snapshot);
    boolean goesAlone = !policy.isBatched() || !isBaseAdjacent || base instanceof Bookmark;
    if (goesAlone || batch.size() == MAX_BATCH) {
      endBatch();
    }
  }

  private void endBatch() {
    if (batch.isEmpty()) {
      return;
    }
    steps.add(new Step.Increment(base, batch, flags));
    base = batch.getLast();
    isBaseAdjacent = true;
    batch = new ArrayList<>();
  }
}
