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
          "(?<protocol>tcp|udp) .*? src=(?<asker>\\S+) dst=(?<asked>\\S+) sport=\\d+ "
              + "dport=(?<port>\\d+) .*?src=(?<answerer>\\S+) dst=(?<answered>\\S+) .*");

  /**
   * A connection that there is.
   *
   * @param asker who began it
   * @param asked whom that one sends to
   * @param to its port, and who answers or would
   * @param answered to whom the answers are sent: the asker, or who passes them on to it
   */
  record Listed(InetAddress asker, InetAddress asked, To to, InetAddress answered) {}

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

  /**
   * Whether datagrams go on by a way that a table before this one had, as far as what is listed
   * shows: this node passes them on as routes do, to a node that the table does not lead their port
   * to, or answers itself what is led elsewhere by now. Where that is not so they take the same way
   * again. Of streams nothing can be said: an engine that puts its own address in the place of a
   * container's, as Podman does, makes a sound one look the same, and it would be cut.
   *
   * @param now the table in force
   * @param own addresses of this node
   */
  static boolean isLeftOver(Listed connection, Routing now, Collection<InetAddress> own) {
    To to = connection.to();
    List<Route> ways = now.routes().stream().filter(way -> way.port().equals(to.port())).toList();
    boolean isOfOurs = !ways.isEmpty() || now.open().contains(to.port());
    boolean isRight = ways.stream().anyMatch(way -> way.to().equals(to.answerer()));
    if (to.port().protocol() != Protocol.UDP
        || !isOfOurs
        || isRight
        || !own.contains(connection.asked())) {
      return false;
    }
    if (own.contains(to.answerer())) {
      return ways.stream().anyMatch(way -> way.family() == to.family());
    }
    // Docker leads to its containers, and leaves the asker's address in what it leads there.
    return own.contains(connection.answered()) && !connection.answered().equals(connection.asker());
  }

  /** Arguments of conntrack(8) that list what there is of a family, a line each. */
  static List<String> list(Family family) {
    return List.of("-L", "-f", family.conntrack());
  }

  /** What a line of the listing tells; empty for what is no connection to a port. */
  static Optional<Listed> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Listed(
              InetAddress.ofLiteral(matcher.group("asker")),
              InetAddress.ofLiteral(matcher.group("asked")),
              new To(
                  new ExternalPort(
                      Protocol.parse(matcher.group("protocol")),
                      Integer.parseInt(matcher.group("port"))),
                  InetAddress.ofLiteral(matcher.group("answerer"))),
              InetAddress.ofLiteral(matcher.group("answered"))));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // Port 0, or an address that is none.
    }
  }

  private static String way(Route route) {
    return route.port() + " " + route.family();
  }
}
