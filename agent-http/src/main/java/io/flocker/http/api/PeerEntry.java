package io.flocker.http.api;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Takeover;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body that tells where a peer is, {@code peer-put.json}.
 *
 * @param name null for the one that it has, if any
 * @param takeover null for never
 */
public record PeerEntry(
    @Nullable PeerName name, List<Address> addresses, @Nullable Takeover takeover) {
  /** What there is to tell of {@code peer}, but for its id. */
  public static PeerEntry of(Peer peer) {
    return new PeerEntry(peer.name().orElse(null), peer.addresses(), peer.takeover());
  }

  Peer peer(NodeId node) {
    return new Peer(
        node, Optional.ofNullable(name), addresses, takeover == null ? Takeover.NEVER : takeover);
  }
}
