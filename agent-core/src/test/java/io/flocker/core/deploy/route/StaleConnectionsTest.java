package io.flocker.core.deploy.route;

import static io.flocker.core.deploy.route.RoutingSamples.routes;
import static io.flocker.core.deploy.route.RoutingSamples.tcp;
import static io.flocker.core.deploy.route.RoutingSamples.udp;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** As conntrack 1.4.7 lists them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp      6 119 TIME_WAIT src=198.18.0.4 dst=198.18.0.2 sport=33236 dport=8080"
            + " src=198.18.0.3 dst=198.18.0.2 sport=8080 dport=33236 [ASSURED] mark=0 use=1"
            + " | 8080/tcp | 198.18.0.3",
        "udp      17 29 src=fd00::4 dst=fd00::2 sport=41896 dport=53 [UNREPLIED] src=fd00::2"
            + " dst=fd00::4 sport=53 dport=41896 mark=0 use=1 | 53/udp | fd00::2",
        "udp      17 29 src=1.1.1.1 dst=2.2.2.2 sport=5 dport=53 packets=1 bytes=29 [UNREPLIED]"
            + " src=2.2.2.2 dst=1.1.1.1 sport=53 dport=5 packets=0 bytes=0 mark=0 use=1"
            + " | 53/udp | 2.2.2.2",
      })
  void areKnownInAListing(String line, String port, String answerer) {
    StaleConnections.To found = StaleConnections.parse(line).orElseThrow().to();

    assertEquals(port, found.port().toString());
    assertEquals(InetAddress.ofLiteral(answerer), found.answerer());
  }

  /** Each with who answers it, and whom that one answers. */
  @ParameterizedTest
  @CsvSource({
    "udp, 198.18.0.9, 198.18.0.2, 53, 198.18.0.4, 198.18.0.2, true", // Led to another node.
    "udp, 198.18.0.9, 198.18.0.2, 53, 198.18.0.3, 198.18.0.2, false", // As the table leads it.
    "udp, 198.18.0.9, 198.18.0.2, 88, 198.18.0.3, 198.18.0.2, true", // Runs here by now.
    "tcp, 10.88.0.5, 198.18.0.2, 80, 10.88.0.7, 127.0.0.1, false", // A container, by Podman.
    "tcp, 198.18.0.9, 198.18.0.2, 80, 172.17.0.2, 198.18.0.9, false", // A container of this node.
    "tcp, 198.18.0.9, 198.18.0.2, 80, 198.18.0.2, 198.18.0.9, false", // A program of this node.
    "udp, 198.18.0.9, 198.18.0.2, 53, 198.18.0.2, 198.18.0.9, true", // Left from here.
    "udp, 198.18.0.2, 9.9.9.9, 53, 9.9.9.9, 198.18.0.2, false", // This node asks another.
    "udp, 198.18.0.9, 198.18.0.2, 99, 198.18.0.4, 198.18.0.2, false", // No port of ours.
  })
  void areLeftOverWhereTheTableLeadsThemElsewhere(
      String protocol,
      String asker,
      String asked,
      int port,
      String answerer,
      String answered,
      boolean isLeftOver) {
    String line =
        "%s      17 29 src=%s dst=%s sport=5000 dport=%d src=%s dst=%s sport=%d dport=5000 mark=0 use=1"
            .formatted(protocol, asker, asked, port, answerer, answered, port);
    Routing now = Routing.of(routes(udp(53), "198.18.0.3"), List.of(tcp(80), udp(88)));

    assertEquals(
        isLeftOver,
        StaleConnections.isLeftOver(StaleConnections.parse(line).orElseThrow(), now, OWN));
  }

  @Test
  void areNotWhatHasNoPort() {
    assertEquals(
        Optional.empty(),
        StaleConnections.parse(
            "icmp     1 29 src=1.1.1.1 dst=2.2.2.2 type=8 code=0 id=7 src=2.2.2.2 dst=1.1.1.1"
                + " type=0 code=0 id=7 mark=0 use=1"));
    assertEquals(Optional.empty(), StaleConnections.parse(""));
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
    return StaleConnections.after(before, after, OWN).stream()
        .map(stale -> String.join(" ", stale.forget()))
        .sorted()
        .collect(joining("\n"));
  }
}
