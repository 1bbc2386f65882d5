package io.flocker.core.deploy.route;

import io.flocker.core.deploy.Protocol;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  /** A line of {@code conntrack -L}: what was asked, then how it is answered. */
  private static final Pattern LINE =
      Pattern.compile(
          "(?<protocol>tcp|udp) .*? src=\\S+ dst=\\S+ sport=\\d+ dport=(?<port>\\d+) "
              + ".*?src=(?<answerer>\\S+) dst=.*");

  /**
   * Those to one port.
   *
   * @param answerer who answers them, or would
   */
  record To(ExternalPort port, InetAddress answerer) {
    Family family() {
      return Family.of(answerer);
    }

    /** Arguments of conntrack(8) that have them forgotten, and no others to such a port. */
    List<String> forget() {
      return List.of(
          "-D",
          "-f",
          family().conntrack(),
          "-p",
          port.protocol().toString(),
          "--orig-port-dst",
          Integer.toString(port.number()),
          "--reply-src",
          answerer.getHostAddress());
    }
  }

  private StaleConnections() {}

  /**
   * All that a change makes stale, where there are some.
   *
   * @param own addresses of this node
   */
  static Set<To> after(Routing before, Routing after, Collection<InetAddress> own) {
    Set<To> stale = new HashSet<>();
    before.without(after).forEach(gone -> stale.add(new To(gone.port(), gone.to())));
    Set<String> led =
        before.routes().stream().map(StaleConnections::way).collect(Collectors.toSet());
    for (Route come : after.without(before)) {
      // Until now answered here, if at all. Streams are ended by whoever answered them.
      if (come.port().protocol() == Protocol.UDP && !led.contains(way(come))) {
        own.stream()
            .filter(address -> Family.of(address) == come.family())
            .filter(Route::canLeadTo)
            .forEach(address -> stale.add(new To(come.port(), address)));
      }
    }
    return stale;
  }

  /** Arguments of conntrack(8) that list what there is of a family, a line each. */
  static List<String> list(Family family) {
    return List.of("-L", "-f", family.conntrack());
  }

  /** What a line of the listing tells; empty for what is no connection to a port. */
  static Optional<To> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new To(
              new ExternalPort(
                  Protocol.parse(matcher.group("protocol")),
                  Integer.parseInt(matcher.group("port"))),
              InetAddress.ofLiteral(matcher.group("answerer"))));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // Port 0, or an address that is none.
    }
  }

  private static String way(Route route) {
    return route.port() + " " + route.family();
  }
}
