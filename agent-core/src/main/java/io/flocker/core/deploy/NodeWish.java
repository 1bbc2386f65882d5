package io.flocker.core.deploy;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;

/**
 * What one node shall run.
 *
 * @param node its uuid, or the host of one of its addresses: a name or an IP address
 * @param applications by name; none stops all that is ours there
 */
public record NodeWish(String node, SortedSet<String> applications)
    implements Comparable<NodeWish> {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");

  public NodeWish {
    if (literal(node).isEmpty() && !HOST.matcher(node).matches()) {
      throw new IllegalArgumentException(
          "a node is named by its uuid, host name or IP address, not '" + node + "'");
    }
    applications = Copies.sorted(applications);
  }

  /** What a node shall run. */
  public static NodeWish of(String node, Collection<String> applications) {
    return new NodeWish(node, Copies.sorted(applications));
  }

  /**
   * Whether it is meant for a node.
   *
   * @param addresses where the node is reached, as its peers or its own settings have it
   */
  public boolean isFor(NodeId id, Collection<Address> addresses) {
    return node.equals(id.toString())
        || addresses.stream().anyMatch(address -> isHost(address.host()));
  }

  private boolean isHost(String host) {
    Optional<InetAddress> own = literal(node);
    return own.isPresent() ? own.equals(literal(host)) : node.equalsIgnoreCase(host);
  }

  /** By node. */
  @Override
  public int compareTo(NodeWish other) {
    return node.compareTo(other.node);
  }

  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // A name.
    }
  }
}
