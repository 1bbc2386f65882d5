package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import io.flocker.core.plan.InitialReplication;
import org.jspecify.annotations.Nullable;

/**
 * The body of a handoff, {@code handoff-request.json}.
 *
 * @param peer the node that will own the volume
 * @param history what a peer without a copy is given; null, all that older nodes know, for all
 */
public record HandoffRequest(NodeId peer, @Nullable InitialReplication history) {
  /** A handoff to {@code peer}. */
  public static HandoffRequest to(NodeId peer, InitialReplication history) {
    return new HandoffRequest(peer, unlessAll(history));
  }

  /** What a peer without a copy is given. */
  public InitialReplication historyOrAll() {
    return orAll(history);
  }

  static InitialReplication orAll(@Nullable InitialReplication history) {
    return history == null ? InitialReplication.ALL : history;
  }

  static @Nullable InitialReplication unlessAll(InitialReplication history) {
    return history == InitialReplication.ALL ? null : history;
  }
}
