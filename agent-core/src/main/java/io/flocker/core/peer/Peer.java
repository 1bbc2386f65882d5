package io.flocker.core.peer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * Another node.
 *
 * @param node its id, which its certificate has to bear
 * @param name what people call it on this node; empty where nobody has said
 * @param addresses where to look for it, the first one first; never empty
 * @param takeover whether it may ever take a volume over without its owner's release
 */
public record Peer(
    NodeId node,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<PeerName> name,
    List<Address> addresses,
    Takeover takeover) {
  /** More addresses than any node has, and few enough to try them all. */
  public static final int MAX_ADDRESSES = 8;

  public Peer {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          "a peer has 1 to " + MAX_ADDRESSES + " addresses, not " + addresses.size());
    }
  }

  /** One that nobody has named. */
  public Peer(NodeId node, List<Address> addresses, Takeover takeover) {
    this(node, Optional.empty(), addresses, takeover);
  }

  /** Its name for people, with its id: {@code node-2 (6b7a1c3e-...)}; the id alone without one. */
  public String title() {
    return name.map(text -> text + " (" + node + ")").orElseGet(node::toString);
  }

  /** Whether one of its addresses has that host. */
  boolean isAt(String host) {
    return addresses.stream().anyMatch(address -> address.host().equals(host));
  }
}
