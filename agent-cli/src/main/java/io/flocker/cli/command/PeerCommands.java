package io.flocker.cli.command;

import io.flocker.cli.console.Table;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.http.client.FlockerClient;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flocker peer}: the other nodes, as this one knows them. */
@Command(name = "peer", description = "Tells the node where the other nodes are.")
final class PeerCommands {
  private static final String NODE = "The peer's uuid, as in its certificate";

  private final Session session;

  PeerCommands(Session session) {
    this.session = session;
  }

  @Command(description = "Lists the peers.")
  int list() throws Exception {
    try (FlockerClient node = session.connect()) {
      List<Peer> peers = node.peers();
      session.print(Map.of("peers", peers), () -> table(peers));
      return ExitCode.DONE;
    }
  }

  @Command(description = "Adds a peer, or replaces what the node knew of it.")
  int add(
      @Parameters(paramLabel = "NODE", description = NODE) NodeId peer,
      @Parameters(
              paramLabel = "HOST:PORT",
              arity = "1..*",
              description = "Where its flockerd listens; tried in this order")
          List<Address> addresses,
      @Option(
              names = "--takeover",
              defaultValue = "never",
              paramLabel = "WHEN",
              description =
                  "Whether the peer may ever take the volumes of a dead owner: never, the default,"
                      + " or manual")
          Takeover takeover)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      Peer report = node.putPeer(new Peer(peer, addresses, takeover));
      session.print(report, () -> List.of("added peer " + report.node()));
      return ExitCode.DONE;
    }
  }

  @Command(description = "Makes the node forget a peer.")
  int remove(@Parameters(paramLabel = "NODE", description = NODE) NodeId peer) throws Exception {
    try (FlockerClient node = session.connect()) {
      node.removePeer(peer);
      session.print(Map.of("removed", peer), () -> List.of("removed peer " + peer));
      return ExitCode.DONE;
    }
  }

  private static List<String> table(List<Peer> peers) {
    Table table = new Table("NODE", "TAKEOVER", "ADDRESSES");
    for (Peer peer : peers) {
      table.row(peer.node().toString(), peer.takeover().toString(), addresses(peer));
    }
    return table.lines();
  }

  private static String addresses(Peer peer) {
    return peer.addresses().stream().map(Address::toString).collect(Collectors.joining(" "));
  }
}
