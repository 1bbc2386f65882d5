package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.Table;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Takeover;
import io.flocker.http.api.PeerDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.ListeningNode;
import io.flocker.http.client.UnreachableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flocker peer}: the other nodes, as this one knows them. */
@Command(name = "peer", description = "Tells the node where the other nodes are.")
final class PeerCommands {
  private static final Duration FRESH = Duration.ofMinutes(5);

  private final Session session;

  @Spec private CommandSpec command = CommandSpec.create();

  PeerCommands(Session session) {
    this.session = session;
  }

  @Command(aliases = "ls", description = "Lists the peers.")
  int list(@Mixin Columns columns) throws Exception {
    try (FlockerClient node = session.connect()) {
      List<PeerDocument> peers = node.seenPeers();
      session.print(Map.of("peers", peers), () -> columns.of(table(peers, Instant.now())));
      return ExitCode.DONE;
    }
  }

  @Command(
      description = {
        "Adds a peer, or replaces what the node knew of it.",
        "By a name: whoever listens there shows by its certificate which node of the cluster it is."
            + " By a uuid: nobody is asked, and a name that it has stays."
      })
  int add(
      @Parameters(
              paramLabel = "NAME|UUID",
              description =
                  "What to call it, such as node-2, in lower case; or its uuid, as in its"
                      + " certificate")
          NodeReference peer,
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
    Optional<PeerName> name =
        peer instanceof NodeReference.ByName(String text)
            ? Optional.of(name(text))
            : Optional.empty();
    NodeId id = peer instanceof NodeReference.ById(NodeId said) ? said : whoIsAt(addresses);
    try (FlockerClient node = session.connect()) {
      Peer report = node.putPeer(new Peer(id, name, addresses, takeover));
      session.print(report, () -> List.of("added peer " + report.title()));
      return ExitCode.DONE;
    }
  }

  @Command(
      aliases = "rm",
      description = {
        "Makes the node forget a peer.",
        "It can receive nothing more, and no snapshot is kept for the copies that it has."
      })
  int remove(
      @Parameters(
              paramLabel = "NODE",
              description = "Its name, or its uuid, which may be cut short")
          NodeReference peer,
      @Mixin Consent consent)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      NodeId id = peer.on(node);
      String title = session.names(node).whole(id);
      List<String> copies =
          node.volumes().stream()
              .filter(volume -> volume.copies().contains(id))
              .map(volume -> volume.name().toString())
              .toList();
      if (!copies.isEmpty()
          && !consent.isGiven(
              session,
              "Peer %s has copies of %s: they stay there, and the next push begins anew."
                  .formatted(title, String.join(", ", copies)))) {
        return ExitCode.FAILED;
      }
      node.removePeer(id);
      session.print(Map.of("removed", id), () -> List.of("removed peer " + title));
      return ExitCode.DONE;
    }
  }

  /** How to tell a node of a peer. */
  static String addition(Peer peer) {
    return "flocker peer add %s %s"
        .formatted(
            peer.name().map(PeerName::text).orElseGet(() -> peer.node().toString()),
            peer.addresses().stream().map(Address::toString).collect(Collectors.joining(" ")));
  }

  private PeerName name(String text) {
    try {
      return PeerName.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(command.commandLine().getSubcommands().get("add"), why);
  }

  /** The node at these addresses: one that does not answer is believed, if another one does. */
  private NodeId whoIsAt(List<Address> addresses) throws Exception {
    SSLContext tls = session.credentials().sslContext();
    Map<NodeId, Address> found = new LinkedHashMap<>();
    List<UnreachableException> failures = new ArrayList<>();
    for (Address address : addresses) {
      try {
        found.putIfAbsent(ListeningNode.at(address, tls), address);
      } catch (UnreachableException e) {
        failures.add(e);
      }
    }
    if (found.isEmpty()) {
      throw failures.getFirst();
    }
    if (found.size() > 1) {
      throw wrong("these addresses are of several nodes, " + found + ": a peer is one node");
    }
    return found.keySet().iterator().next();
  }

  private static Table table(List<PeerDocument> peers, Instant now) {
    Table table = new Table("NAME", "NODE", "TAKEOVER", "ANSWERS", "ADDRESSES");
    for (PeerDocument peer : peers) {
      table.row(
          peer.name().map(PeerName::text).orElse("-"),
          peer.node().toString(),
          peer.takeover().toString(),
          answers(peer, now),
          addresses(peer));
    }
    return table;
  }

  /** Nobody asks a peer to whom nothing is to be said: what is old says so. */
  private static String answers(PeerDocument peer, Instant now) {
    String said = peer.reachable().map(reachable -> reachable ? "yes" : "no").orElse("-");
    return peer.asked()
        .map(asked -> Duration.between(asked, now))
        .filter(age -> age.compareTo(FRESH) >= 0)
        .map(age -> said + ", " + Amounts.roughly(age) + " ago")
        .orElse(said);
  }

  private static String addresses(PeerDocument peer) {
    return peer.addresses().stream().map(Address::toString).collect(Collectors.joining(" "));
  }
}
