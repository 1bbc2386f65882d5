package io.flocker.http.api;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body that tells where a peer is, {@code peer-put.json}.
 *
 * @param takeover null for never
 */
public record PeerEntry(List<Address> addresses, @Nullable Takeover takeover) {
  /** What there is to tell of {@code peer}, but for its id. */
  public static PeerEntry of(Peer peer) {
    return new PeerEntry(peer.addresses(), peer.takeover());
  }

  Peer peer(NodeId node) {
    return new Peer(node, addresses, takeover == null ? Takeover.NEVER : takeover);
  }
}
