package io.flocker.core.deploy.route;

import static io.flocker.core.deploy.route.RoutingSamples.routes;
import static io.flocker.core.deploy.route.RoutingSamples.tcp;
import static io.flocker.core.deploy.route.RoutingSamples.udp;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.route.Routes.Applied;
import io.flocker.core.deploy.route.Routes.Found;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RouteFailure;
import io.flocker.core.os.NamespaceThreads;
import io.flocker.core.os.TestNetwork;
import io.flocker.core.os.TestNetwork.Place;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.storage.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes and a client in network namespaces, a real packet filter, and traffic. Needs root, for
 * the namespaces.
 */
@Timeout(300)
class RouteIT {
  private static final int PORT = 8080;

  @TempDir static Path folder;
  private static TestNetwork network;
  private static RoutedNode a;
  private static RoutedNode b;
  private static NamespaceThreads threads;
  private static Caller client;

  @BeforeAll
  static void makeNetwork() throws Exception {
    Needs.root("RouteIT");
    network = TestNetwork.create();
    a = node("a");
    b = node("b");
    threads = new NamespaceThreads(network.add().namespace());
    client = new Caller(threads, PORT);
  }

  private static RoutedNode node(String name) throws Exception {
    RoutedNode node = new RoutedNode(network.add(), Files.createDirectory(folder.resolve(name)));
    Forwarding forwarding = new Forwarding(Path.of("/proc"));
    for (Family family : Family.values()) {
      assertTrue(node.threads.call(() -> forwarding.obstacle(family)).isPresent());
      assertEquals(Optional.empty(), node.threads.call(() -> forwarding.allow(family)));
      assertEquals(Optional.empty(), node.threads.call(() -> forwarding.obstacle(family)));
    }
    return node;
  }

  @AfterAll
  static void removeNetwork() throws IOException {
    if (network != null) {
      network.close();
    }
  }

  @AfterEach
  void removeRoutes() throws Exception {
    for (RoutedNode node : List.of(a, b)) {
      node.routes.apply(Routing.NONE);
      assertEquals("", node.nft("list", "ruleset"));
    }
  }

  @Test
  void answersOnEveryNode() throws Exception {
    try (Answerer _ = Answerer.at(a, 'A', PORT)) {
      assertEquals('-', client.byStream(b.place.host()));
      b.routes.apply(to(a));

      for (String host : addresses(a, b)) {
        assertEquals('A', client.byStream(host), host);
        try (DatagramSocket flow = client.flow(host)) {
          assertEquals('A', Caller.ask(flow), host);
        }
        assertEquals('A', new Caller(a.threads, PORT).byStream(host), host);
        assertEquals('A', new Caller(b.threads, PORT).byStream(host), host);
      }
      // Loopback is nobody's but the node's own.
      assertEquals('A', new Caller(a.threads, PORT).byStream("127.0.0.1"));
      assertEquals('-', new Caller(b.threads, PORT).byStream("127.0.0.1"));
      assertEquals('-', new Caller(b.threads, PORT).byStream("::1"));
    }
  }

  @Test
  void breaksNoConnectionWhileOtherRoutesChange() throws Exception {
    Pace pace = new Pace();
    try (Answerer _ = Answerer.at(a, 'A', PORT)) {
      b.routes.apply(to(a));
      List<Future<Long>> pumps = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        pumps.add(client.pump(b.place.host(), pace));
        pumps.add(client.pump(b.place.host6(), pace));
      }
      Future<Long> opener = threads.start(() -> openWithEveryStep(pace));
      for (int i = 0; i < 100; i++) {
        if (i % 10 == 0) {
          // What others did is mended by writing all of it anew.
          assertEquals("", b.nft("add", "rule", "inet", "flocker", "input", "accept"));
        }
        pace.step();
        Applied applied = b.routes.apply(beside(to(a), RoutingSamples.random(i)));
        assertEquals(new Applied(true, List.of()), applied);
        pace.step();
      }
      pace.end();

      assertEquals(200, opener.get());
      for (Future<Long> pump : pumps) {
        assertEquals(200, pump.get());
      }
    } finally {
      pace.end();
    }
  }

  private static long openWithEveryStep(Pace pace) throws Exception {
    long steps = 0;
    while (pace.awaitNext(steps)) {
      steps++;
      for (String host : addresses(b)) {
        assertEquals('A', client.byStream(host), "connection %d to %s".formatted(steps, host));
      }
    }
    return steps;
  }

  @Test
  void leadsToWhereTheApplicationMoved() throws Exception {
    Socket atOldNode;
    Socket overOtherNode;
    try (DatagramSocket flowToA = client.flow(a.place.host());
        DatagramSocket flowToB = client.flow(b.place.host6())) {
      try (Answerer _ = Answerer.at(a, 'A', PORT)) {
        b.routes.apply(to(a));
        assertEquals('A', Caller.ask(flowToA));
        assertEquals('A', Caller.ask(flowToB));
        atOldNode = client.open(a.place.host());
        overOtherNode = client.open(b.place.host6());
      }
      try (Answerer _ = Answerer.at(b, 'B', PORT);
          atOldNode;
          overOtherNode) {
        assertTrue(b.routes.apply(Routing.NONE).hasChanged());
        assertEquals(new Applied(true, List.of()), a.routes.apply(to(b)));

        for (String host : addresses(a, b)) {
          assertEquals('B', client.byStream(host), host);
        }
        // The same sender as before, whose way the kernel had remembered.
        assertEquals('B', Caller.ask(flowToA));
        assertEquals('B', Caller.ask(flowToB));
        assertTrue(hasEnded(atOldNode));
        assertTrue(hasEnded(overOtherNode));
      }
    }
  }

  @Test
  void resetsAConnectionWhoseNodeIsGone() throws Exception {
    try (Answerer _ = Answerer.at(a, 'A', PORT);
        Answerer _ = Answerer.at(b, 'B', PORT)) {
      RoutedNode third = new RoutedNode(network.add(), Files.createDirectory(folder.resolve("c")));
      Forwarding forwarding = new Forwarding(Path.of("/proc"));
      assertEquals(Optional.empty(), third.threads.call(() -> forwarding.allow(Family.IPV4)));
      third.routes.apply(to(a));
      try (Socket connection = client.open(third.place.host())) {
        // The old node says nothing any more, not even that nobody listens.
        assertEquals("", a.nft("add", "table", "ip", "mute"));
        assertEquals(
            "",
            a.nft("add chain ip mute out { type filter hook output priority 0; policy drop; }"));
        third.routes.apply(to(b));
        connection.getOutputStream().write(1);

        assertTrue(hasEnded(connection));
        assertEquals('B', client.byStream(third.place.host()));
      } finally {
        a.nft("delete", "table", "ip", "mute");
      }
    }
  }

  @Test
  void livesBesideAFirewallAndLeavesNothing() throws Exception {
    List<String> firewall =
        List.of(
            "add table inet guard",
            "add chain inet guard way { type filter hook forward priority 0; policy drop; }",
            "add chain inet guard door { type filter hook input priority 0; policy drop; }",
            "add rule inet guard door ct state established,related accept",
            "add rule inet guard door meta l4proto ipv6-icmp accept");
    try (Answerer _ = Answerer.at(a, 'A', PORT)) {
      for (String line : firewall) {
        assertEquals("", b.nft(line));
      }
      Routing wish = Routing.of(to(a).routes(), List.of(tcp(PORT + 1)));
      b.routes.apply(wish);
      assertTrue(client.isDropped(b.place.host(), 300), "a drop of others is final");
      List<String> advice = b.routes.examine();
      assertEquals(2, advice.size(), advice.toString());

      // As it is advised.
      for (String sentence : advice) {
        String rule = sentence.substring(sentence.lastIndexOf("nft ") + "nft ".length());
        assertEquals("", b.nft(rule.split(" ")));
      }
      assertEquals(List.of(), b.routes.examine());
      String guard = b.nft("list", "table", "inet", "guard");
      for (String host : addresses(b)) {
        assertEquals('A', client.byStream(host), host);
      }
      Caller other = new Caller(threads, PORT + 1);
      try (Answerer _ = Answerer.at(b, 'B', PORT + 1)) {
        assertEquals('B', other.byStream(b.place.host()), "an open port");
        b.routes.apply(to(a));
        assertTrue(other.isDropped(b.place.host(), 300), "not open any more");
      }

      assertTrue(b.nft("list", "ruleset").contains(guard), "theirs stays as it is");
      b.routes.apply(Routing.NONE);
      assertEquals(Found.NOTHING, b.routes.discover());
      assertEquals(guard, b.nft("list", "ruleset"));
    } finally {
      b.nft("delete", "table", "inet", "guard");
    }
  }

  @Test
  @DisplayName("83 exactly the wished routes are there, and what is as wished is left alone")
  void changesNothingThatIsAsWished() throws Exception {
    for (int seed = 0; seed < 10; seed++) {
      Routing wish = RoutingSamples.random(seed);
      b.routes.apply(wish);
      int changes = b.changes();
      String ruleset = b.nft("list", "ruleset");

      assertTrue(b.routes.discover().is(wish), () -> wish + " became " + ruleset);
      assertEquals(wish, b.routes.discover().routing());
      assertEquals(new Applied(false, List.of()), b.routes.apply(wish));
      assertEquals(changes, b.changes());
    }
  }

  @Test
  @DisplayName("where one route is refused all are as they were, and the refusal is told")
  void setsAllOrNone() throws Exception {
    b.routes.apply(to(a));
    Path spoiling = folder.resolve("spoiling");
    Files.writeString(
        spoiling,
        """
        #!/bin/sh
        [ "$1" = -f ] || exec %1$s "$@"
        { cat; echo 'add element inet flocker nosuch { tcp . 1 }'; } | %1$s "$@"
        """
            .formatted(folder.resolve("b").resolve("nft")));
    Files.setPosixFilePermissions(spoiling, PosixFilePermissions.fromString("rwx------"));
    Nftables spoilt =
        new Nftables(
            new RouteSettings(spoiling.toString(), "conntrack", Duration.ofSeconds(60), Set.of()),
            new StuckChildren(),
            CommandObserver.NONE,
            new Forwarding(folder.resolve("b").resolve("proc")),
            List::of);

    FailureException refusal = assertThrows(FailureException.class, () -> spoilt.apply(many(a)));
    assertEquals(RouteFailure.ROUTES_REFUSED, refusal.failure());
    assertTrue(b.routes.discover().is(to(a)));
  }

  @Test
  void mendsWhatOthersChanged() throws Exception {
    for (String harm :
        List.of(
            "flush chain inet flocker postrouting",
            "flush map inet flocker routes4",
            "insert rule inet flocker prerouting tcp dport 22 drop",
            "chain inet flocker input { policy drop; }",
            "add element inet flocker open { tcp . 1 }",
            "delete table inet flocker",
            "flush ruleset")) {
      b.routes.apply(to(a));
      assertEquals("", b.nft(harm), harm);
      assertFalse(b.routes.discover().is(to(a)), harm);

      assertTrue(b.routes.apply(to(a)).hasChanged(), harm);
      assertTrue(b.routes.discover().is(to(a)), harm);
    }
  }

  @Test
  void sets500RoutesByOneCommand() throws Exception {
    int before = b.changes();
    long begunNanos = System.nanoTime();
    b.routes.apply(many(a));
    System.out.printf(
        "500 routes of both families, discovery included: %d ms%n",
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos));

    assertEquals(before + 1, b.changes());
    assertEquals(1000, b.routes.discover().routing().routes().size());
  }

  @Test
  @DisplayName("a kill of nft leaves the old routes or the new ones")
  void isAllOrNothingWhenItIsKilled() throws Exception {
    Random random = new Random(12);
    Routing old = to(a);
    for (int i = 0; i < 10; i++) {
      b.routes.apply(old);
      List<String> command = new ArrayList<>(b.place.entry());
      command.addAll(List.of("nft", "-f", "-"));
      Process nft = new ProcessBuilder(command).start();
      try (OutputStream stdin = nft.getOutputStream()) {
        stdin.write(Ruleset.whole(many(a)).getBytes(UTF_8));
      } catch (IOException _) {
        // It has ended already.
      }
      boolean _ = nft.waitFor(random.nextInt(60), TimeUnit.MILLISECONDS);
      nft.destroyForcibly().waitFor();

      Found found = b.routes.discover();
      assertTrue(found.is(old) || found.is(many(a)), found::toString);
    }
  }

  private static Routing to(RoutedNode node) {
    return Routing.of(ways(node, List.of(tcp(PORT), udp(PORT))), List.of());
  }

  private static Routing many(RoutedNode node) {
    List<ExternalPort> ports = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      ports.add(tcp(10_000 + i));
    }
    return Routing.of(ways(node, ports), List.of());
  }

  private static List<Route> ways(RoutedNode node, List<ExternalPort> ports) {
    return ports.stream()
        .flatMap(port -> routes(port, node.place.host(), node.place.host6()).stream())
        .toList();
  }

  private static Routing beside(Routing wish, Routing others) {
    List<Route> all = new ArrayList<>(wish.routes());
    others.routes().stream().filter(route -> route.port().number() != PORT).forEach(all::add);
    return Routing.of(all, others.open());
  }

  private static Collection<String> addresses(RoutedNode... nodes) {
    List<String> addresses = new ArrayList<>();
    for (RoutedNode node : nodes) {
      Place place = node.place;
      addresses.add(place.host());
      addresses.add(place.host6());
    }
    return addresses;
  }

  private static boolean hasEnded(Socket connection) {
    try {
      return connection.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }
}
