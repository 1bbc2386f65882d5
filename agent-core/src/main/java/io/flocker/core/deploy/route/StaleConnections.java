package io.flocker.core.deploy.route;

import io.flocker.core.deploy.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Connections that go on by a way that is gone, since the kernel decides about a connection once,
 * by its first packet. Pure.
 *
 * <p>Forgotten by the kernel, they are judged anew with their next packet: datagrams take the new
 * way; of a stream the new way's end knows nothing and resets it, so that its client connects anew
 * at once, also where the old node is dead.
 */
final class StaleConnections {
  private StaleConnections() {}

  /**
   * Arguments of conntrack(8), one command each.
   *
   * @param own addresses of this node
   */
  static List<List<String>> forget(Routing before, Routing after, Collection<InetAddress> own) {
    List<List<String>> commands = new ArrayList<>();
    for (Route gone : before.without(after)) {
      commands.add(forget(gone, gone.to()));
    }
    Set<String> led =
        before.routes().stream().map(StaleConnections::way).collect(Collectors.toSet());
    for (Route come : after.without(before)) {
      // Until now answered here, if at all. Streams are ended by whoever answered them.
      if (come.port().protocol() == Protocol.UDP && !led.contains(way(come))) {
        own.stream()
            .filter(address -> Family.of(address) == come.family())
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .forEach(address -> commands.add(forget(come, address)));
      }
    }
    return commands;
  }

  /** Those to the route's port that {@code answerer} answers, and no others to such a port. */
  private static List<String> forget(Route route, InetAddress answerer) {
    return List.of(
        "-D",
        "-f",
        route.family().conntrack(),
        "-p",
        route.port().protocol().toString(),
        "--orig-port-dst",
        Integer.toString(route.port().number()),
        "--reply-src",
        answerer.getHostAddress());
  }

  private static String way(Route route) {
    return route.port() + " " + route.family();
  }
}
