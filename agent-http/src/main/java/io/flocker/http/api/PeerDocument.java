package io.flocker.http.api;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Reach;
import io.flocker.core.peer.Takeover;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A peer as its node sees it; see {@code peer.json}.
 *
 * @param name empty where nobody has said one
 * @param reachable empty while it was asked nothing, as are {@code since} and {@code asked}
 */
public record PeerDocument(
    NodeId node,
    Optional<PeerName> name,
    List<Address> addresses,
    Takeover takeover,
    Optional<Boolean> reachable,
    Optional<Instant> since,
    Optional<Instant> asked) {
  static PeerDocument of(Peer peer, Optional<Reach> reach) {
    return new PeerDocument(
        peer.node(),
        peer.name(),
        peer.addresses(),
        peer.takeover(),
        reach.map(Reach::isAnswering),
        reach.map(Reach::since),
        reach.map(Reach::asked));
  }
}
