package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.plan.ConflictKind;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.volume.Volume;

/**
 * What could be sent of a volume as it was listed.
 *
 * @param peer who is to have it
 */
record PlannedPush(Volume volume, NodeId peer, ReplicationPlan plan) {
  /** Whether the copy has changed by itself. */
  boolean hasDiverged() {
    return is(ConflictKind.DIVERGED) || is(ConflictKind.NO_COMMON_SNAPSHOT);
  }

  /** Whether one more snapshot would not help. */
  boolean isHopeless() {
    return plan instanceof ReplicationPlan.Conflict && !is(ConflictKind.NO_SNAPSHOT_TO_SEND);
  }

  private boolean is(ConflictKind kind) {
    return plan instanceof ReplicationPlan.Conflict conflict && conflict.kind() == kind;
  }

  /** Why it is refused, and what can be done about that; only of a conflict. */
  FailureException refusal() {
    FailureException refusal = ((ReplicationPlan.Conflict) plan).failure();
    boolean isOfTheCopy =
        hasDiverged() || is(ConflictKind.RAW_AFTER_PLAIN) || is(ConflictKind.PLAIN_AFTER_RAW);
    return isOfTheCopy
        ? refusal
            .told("to give up the copy: " + volume.removalAt(peer) + ", then have it sent anew")
            .with("node", peer)
        : refusal;
  }
}
