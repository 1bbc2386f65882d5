package io.flocker.core.deploy.converge;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;

/** Has peers get ready for applications that move to them. Any thread. */
@FunctionalInterface
public interface PeerPreparation {
  /**
   * Has a peer fetch what an application needs there; returns once it has. Blocks for as long as
   * the peer says that it is at work.
   *
   * @param generation of the wish by which it shall run there
   * @throws FailureException why it cannot run there: it may go on here
   */
  void prepare(String application, long generation, NodeId on, Cancellation cancellation)
      throws FailureException, InterruptedException;
}
