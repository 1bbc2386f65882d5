package io.flocker.core.peer;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.util.List;

/**
 * Another node.
 *
 * @param node its id, which its certificate has to bear
 * @param addresses where to look for it, the first one first; never empty
 * @param takeover whether it may ever take a volume over without its owner's release
 */
public record Peer(NodeId node, List<Address> addresses, Takeover takeover) {
  /** More addresses than any node has, and few enough to try them all. */
  public static final int MAX_ADDRESSES = 8;

  public Peer {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          "a peer has 1 to " + MAX_ADDRESSES + " addresses, not " + addresses.size());
    }
  }
}
