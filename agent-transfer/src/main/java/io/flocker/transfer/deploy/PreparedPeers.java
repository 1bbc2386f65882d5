package io.flocker.transfer.deploy;

import io.flocker.core.deploy.converge.Cancellation;
import io.flocker.core.deploy.converge.PeerPreparation;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.PrepareApplicationRequest;

/** Asks peers to get ready, as often as they say that they still are at work. Any thread. */
public final class PreparedPeers implements PeerPreparation {
  private final PeerVolumes peers;

  /** Asks them by {@code peers}. */
  public PreparedPeers(PeerVolumes peers) {
    this.peers = peers;
  }

  /** A peer of an older flockerd fetches what it needs when it needs it. */
  @Override
  public void prepare(String application, long generation, NodeId on, Cancellation cancellation)
      throws FailureException {
    PrepareApplicationRequest request = new PrepareApplicationRequest(application, generation);
    try {
      do {
        cancellation.check();
      } while (!peers.prepare(on, request).isReady());
    } catch (FailureException e) {
      if (e.failure() != RequestFailure.NOT_FOUND
          && e.failure() != RequestFailure.METHOD_NOT_ALLOWED) {
        throw e;
      }
    }
  }
}
