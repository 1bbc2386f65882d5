package io.flocker.core.deploy.route;

import static io.flocker.core.deploy.route.RoutingSamples.routes;
import static io.flocker.core.deploy.route.RoutingSamples.tcp;
import static io.flocker.core.deploy.route.RoutingSamples.udp;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaleConnectionsTest {
  private static final List<InetAddress> OWN =
      List.of(
          InetAddress.ofLiteral("127.0.0.1"),
          InetAddress.ofLiteral("198.18.0.2"),
          InetAddress.ofLiteral("fe80::2"),
          InetAddress.ofLiteral("fd00::2"));

  @Test
  void areThoseToWhereARouteLedAndNoOthers() {
    Routing before = of(routes(tcp(80), "198.18.0.3", "fd00::3"), routes(udp(53), "198.18.0.3"));
    Routing after = of(routes(tcp(80), "198.18.0.4", "fd00::3"));

    assertEquals(
        """
        -D -f ipv4 -p tcp --orig-port-dst 80 --reply-src 198.18.0.3
        -D -f ipv4 -p udp --orig-port-dst 53 --reply-src 198.18.0.3\
        """,
        forgotten(before, after));
    assertEquals("", forgotten(before, before));
  }

  @Test
  void areDatagramsThatWereAnsweredHere() {
    Routing after = of(routes(udp(53), "198.18.0.3", "fd00::3"), routes(tcp(80), "198.18.0.3"));

    assertEquals(
        """
        -D -f ipv4 -p udp --orig-port-dst 53 --reply-src 198.18.0.2
        -D -f ipv6 -p udp --orig-port-dst 53 --reply-src fd00:0:0:0:0:0:0:2\
        """,
        forgotten(Routing.NONE, after));
  }

  @SafeVarargs
  private static Routing of(List<Route>... routes) {
    List<Route> all = new ArrayList<>();
    for (List<Route> some : routes) {
      all.addAll(some);
    }
    return Routing.of(all, List.of());
  }

  private static String forgotten(Routing before, Routing after) {
    return StaleConnections.forget(before, after, OWN).stream()
        .map(arguments -> String.join(" ", arguments))
        .collect(joining("\n"));
  }
}
