package io.flocker.core.deploy.route;

import static io.flocker.core.deploy.route.RoutingSamples.routes;
import static io.flocker.core.deploy.route.RoutingSamples.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.os.NamespaceThreads;
import io.flocker.core.os.TestNetwork;
import io.flocker.core.storage.Needs;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a daemon leaves that is killed between its change of the table and what follows it. Needs
 * root, for network namespaces.
 */
@Timeout(300)
class StaleConnectionsIT {
  private static final int PORT = 8080;

  @TempDir Path folder;
  private TestNetwork network;
  private RoutedNode a;
  private RoutedNode b;
  private Caller client;

  @BeforeEach
  void makeNetwork() throws Exception {
    Needs.root("StaleConnectionsIT");
    network = TestNetwork.create();
    a = node("a");
    b = node("b");
    client = new Caller(new NamespaceThreads(network.add().namespace()), PORT);
  }

  private RoutedNode node(String name) throws Exception {
    RoutedNode node = new RoutedNode(network.add(), Files.createDirectory(folder.resolve(name)));
    Forwarding forwarding = new Forwarding(Path.of("/proc"));
    for (Family family : Family.values()) {
      assertEquals(Optional.empty(), node.threads.call(() -> forwarding.allow(family)));
    }
    return node;
  }

  @AfterEach
  void removeNetwork() throws Exception {
    if (network != null) {
      network.close();
    }
  }

  @Test
  void aFlowThatIsNeverSilentReachesTheNewNodeAfterTheNextStart() throws Exception {
    try (Answerer _ = Answerer.at(a, 'A', PORT);
        Answerer _ = Answerer.at(b, 'B', PORT);
        DatagramSocket flow = client.flow(b.place.host());
        DatagramSocket flow6 = client.flow(b.place.host6())) {
      var _ = b.routes.apply(toA());
      assertEquals('A', Caller.ask(flow));
      assertEquals('A', Caller.ask(flow6));

      killedAfterItsChange(toA(), here());
      assertEquals('A', Caller.ask(flow), "the kernel has decided about it");

      assertEquals(Optional.empty(), b.routes.forgetStale());
      assertEquals('B', Caller.ask(flow));
      assertEquals('B', Caller.ask(flow6));

      killedAfterItsChange(here(), toA());
      assertEquals('B', Caller.ask(flow), "the kernel has decided about it");

      assertEquals(Optional.empty(), b.routes.forgetStale());
      assertEquals('A', Caller.ask(flow));
      assertEquals('A', Caller.ask(flow6));
    }
  }

  private void killedAfterItsChange(Routing before, Routing after) throws Exception {
    Path change = folder.resolve("change.nft");
    Files.writeString(change, Ruleset.change(before, after));
    List<String> command = new ArrayList<>(b.place.entry());
    command.addAll(List.of("nft", "-f", change.toString()));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    assertTrue(b.routes.discover().is(after));
  }

  private Routing toA() {
    return Routing.of(routes(udp(PORT), a.place.host(), a.place.host6()), List.of());
  }

  private static Routing here() {
    return Routing.of(List.of(), List.of(udp(PORT)));
  }
}
