package io.flocker.http.peer;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;

/**
 * Where a peer is and who has to answer there.
 *
 * @param place its host as the peer's certificate has it
 */
public record PeerAddress(NodeId node, Address place) {
  /** Such as "node 6b7a1c3e-0f12-4d5a-9e8b-0123456789ab at 10.0.0.1:4523". */
  @Override
  public String toString() {
    return "node " + node + " at " + place;
  }
}
