package io.flocker.core.deploy.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One way from this node to the node that runs an application: packets for {@code port} of this
 * node go to the same port of {@code to}.
 *
 * @param to an address of another node that can be routed to; those of the same family only are led
 *     there
 */
public record Route(ExternalPort port, InetAddress to) implements Comparable<Route> {
  private static final Comparator<Route> ORDER =
      Comparator.comparing(Route::port)
          .thenComparing(Route::family)
          .thenComparing(route -> route.to.getAddress(), Arrays::compareUnsigned);

  public Route {
    to = withoutName(to);
    if (!canLeadTo(to)) {
      throw new IllegalArgumentException(
          "no other node is at " + to.getHostAddress() + ": a route needs an address of its own");
    }
  }

  /**
   * The ways to a node: for each family to the first of its addresses that can be routed to.
   *
   * @param addresses where the node is reached, the best first
   */
  public static List<Route> to(ExternalPort port, Collection<InetAddress> addresses) {
    List<Route> routes = new ArrayList<>();
    Set<Family> found = EnumSet.noneOf(Family.class);
    for (InetAddress address : addresses) {
      InetAddress bare = withoutName(address);
      if (canLeadTo(bare) && found.add(Family.of(bare))) {
        routes.add(new Route(port, bare));
      }
    }
    return routes;
  }

  /** Which packets it leads. */
  Family family() {
    return Family.of(to);
  }

  /** By port, then by family. */
  @Override
  public int compareTo(Route other) {
    return ORDER.compare(this, other);
  }

  /** As people write it, such as {@code 8080/tcp to 10.0.0.2}. */
  @Override
  public String toString() {
    return port + " to " + to.getHostAddress();
  }

  /** Names and interfaces say nothing in a rule, and equal addresses are to be equal. */
  private static InetAddress withoutName(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // It is as long as an address.
    }
  }

  /** Whether it can be one host's own, seen from another. */
  static boolean canLeadTo(InetAddress address) {
    return !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isLinkLocalAddress()
        && !address.isMulticastAddress();
  }
}
