package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import io.flocker.core.plan.InitialReplication;
import org.jspecify.annotations.Nullable;

/**
 * The body of a push, {@code push-request.json}.
 *
 * @param peer the node that receives
 * @param snapshot whether a snapshot is taken first; null for yes
 * @param history what a peer without a copy is given; null, all that older nodes know, for all
 */
public record PushRequest(
    NodeId peer, @Nullable Boolean snapshot, @Nullable InitialReplication history) {
  /** A push after a snapshot. */
  public static PushRequest to(NodeId peer, InitialReplication history) {
    return new PushRequest(peer, null, HandoffRequest.unlessAll(history));
  }

  /** Whether a snapshot is taken first. */
  public boolean takesSnapshot() {
    return !Boolean.FALSE.equals(snapshot);
  }

  /** What a peer without a copy is given. */
  public InitialReplication historyOrAll() {
    return HandoffRequest.orAll(history);
  }
}
