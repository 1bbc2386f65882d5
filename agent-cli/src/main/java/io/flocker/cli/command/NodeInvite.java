package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.join.JoinedNode;
import io.flocker.cli.join.JsonLines;
import io.flocker.cli.join.Surroundings;
import io.flocker.cli.setup.CaProgram;
import io.flocker.cli.setup.OwnHosts;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.CredentialsException;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code flocker node invite}: lets one machine become a node of this one's cluster. */
final class NodeInvite {
  private static final int LONGEST_LINE = 64 * 1024;

  /** Behind the end of an invitation: who has come has twelve minutes to start. */
  private static final Duration AFTERWARDS = Duration.ofMinutes(15);

  private final Session session;
  private final CaProgram authority;

  NodeInvite(Session session, CaProgram authority) {
    this.session = session;
    this.authority = authority;
  }

  /**
   * What is asked for.
   *
   * @param name what the nodes call the new one
   * @param hosts at which they reach it
   * @param time for it to come
   * @param listen where it has to come to
   * @param folder of the authority
   */
  record Order(PeerName name, List<String> hosts, Duration time, Address listen, Path folder) {
    /** Checks the hosts: nobody is let in only to learn that they are wrong. */
    Order {
      if (hosts.size() > Peer.MAX_ADDRESSES) {
        throw new IllegalArgumentException(
            "a node is told of by %d addresses at most".formatted(Peer.MAX_ADDRESSES));
      }
      hosts.forEach(Order::requireHost);
    }

    private static void requireHost(String host) {
      Address _ = new Address(host, 1);
    }
  }

  /** Invites, waits, and tells all nodes of the new one. */
  int invite(Order order) throws Exception {
    if (!Files.isReadable(order.folder().resolve("cluster.key"))) {
      throw new SetupException(
          "the authority is not here, or not for you (%s): run this by root where it is, or say --authority"
              .formatted(order.folder()));
    }
    try (FlockerClient node = session.connect()) {
      NodeDocument self = node.node();
      List<Peer> peers = node.peers();
      if (peers.stream().anyMatch(peer -> peer.name().equals(Optional.of(order.name())))) {
        session.complain(
            "flocker: this node has a peer %s already; choose another name"
                .formatted(order.name()));
        return ExitCode.FAILED;
      }
      Optional<JoinedNode> came = await(order, self, peers);
      if (came.isEmpty()) {
        return ExitCode.FAILED; // flocker-ca has said why.
      }
      Peer added =
          new Peer(
              came.get().node(), Optional.of(order.name()), came.get().addresses(), Takeover.NEVER);
      session.complain("node %s has joined".formatted(added.title()));
      List<Peer> now = peersNow(node, peers);
      boolean isKnownHere = tellThisNode(node, added);
      boolean isKnownToPeers = tellPeers(now, added, order.folder());
      boolean knowsAll = sayWhatItLacks(peers, now, added);
      return isKnownHere && isKnownToPeers && knowsAll ? ExitCode.DONE : ExitCode.UNREACHABLE;
    }
  }

  private Optional<JoinedNode> await(Order order, NodeDocument self, List<Peer> peers)
      throws SetupException, InterruptedException, ConfigurationException {
    Surroundings around = surroundings(order, self, peers);
    Process child = start(order);
    try {
      JsonLines.write(child.getOutputStream(), around);
      InputStream said = child.getInputStream();
      String token = line(said);
      if (!token.isEmpty()) {
        PrintWriter out = session.environment().out();
        out.println(token);
        out.flush();
        session.complain(
            "For the next %s who has this line can be %s: give it to 'flocker node join -' there."
                .formatted(Amounts.roughly(order.time()), order.name()));
        session.environment().terminal().onUnread(() -> withdraw(child));
        JoinedNode invited = JsonLines.read(said, JoinedNode.class, LONGEST_LINE);
        int _ = child.waitFor(); // It has to tell the node yet that this was read.
        return Optional.of(invited);
      }
    } catch (IOException _) {
      // It has ended, and has said why.
    } finally {
      child.destroy();
    }
    int _ = child.waitFor();
    return Optional.empty();
  }

  /** Nobody reads the token any more: the child lets nobody in from now on; who is in goes on. */
  private static void withdraw(Process child) {
    try {
      child.getOutputStream().close();
    } catch (IOException _) {
      // It has ended.
    }
  }

  private Surroundings surroundings(Order order, NodeDocument self, List<Peer> peers)
      throws SetupException, ConfigurationException {
    URI url = self.url();
    Address here = Address.parse(url.getAuthority());
    boolean isOfThisMachine = isOfThisMachine(self);
    if (!isOfThisMachine && order.listen().isWildcard()) {
      throw new SetupException(
          "node %s is on another machine: say by --listen HOST:PORT where this one is reached"
              .formatted(self.node()));
    }
    Optional<PeerName> ownName =
        Stream.concat(
                Stream.of(here.host()), isOfThisMachine ? OwnHosts.name() : Stream.<String>empty())
            .map(NodeInvite::peerName)
            .flatMap(Optional::stream)
            .findFirst()
            .filter(
                name -> peers.stream().noneMatch(peer -> peer.name().equals(Optional.of(name))));
    Stream<Peer> all =
        Stream.concat(
            Stream.of(new Peer(self.node(), ownName, List.of(here), Takeover.NEVER)),
            // Whether one may take over is for each node to say.
            peers.stream()
                .map(peer -> new Peer(peer.node(), peer.name(), peer.addresses(), Takeover.NEVER)));
    String reached = order.listen().isWildcard() ? here.host() : order.listen().host();
    return new Surroundings(reached, all.toList());
  }

  private boolean isOfThisMachine(NodeDocument self) throws ConfigurationException {
    Path settings = session.environment().folder().resolve("flockerd.yml");
    if (!Files.exists(settings)) {
      return false;
    }
    try {
      Path identity = NodeConfiguration.read(settings).identity();
      return NodeIdentity.existing(identity).node().equals(self.node());
    } catch (IOException _) {
      return false; // There is none, or nobody can read it.
    }
  }

  private static Optional<PeerName> peerName(String host) {
    try {
      InetAddress _ = InetAddress.ofLiteral(host);
      return Optional.empty();
    } catch (IllegalArgumentException _) {
      // A name.
    }
    try {
      return Optional.of(PeerName.parse(host.toLowerCase(Locale.ROOT)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Process start(Order order) throws SetupException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "invite",
                "--inputpath=" + order.folder(),
                "--for=" + order.time().toSeconds(),
                "--listen=" + order.listen(),
                "--"));
    command.addAll(order.hosts());
    return authority.start(command, order.time().plus(AFTERWARDS));
  }

  /** Those of now, among them who came while this one was awaited; else those of before. */
  private List<Peer> peersNow(FlockerClient node, List<Peer> before) throws InterruptedException {
    try {
      return node.peers();
    } catch (FailureException | IOException e) {
      session.complain("flocker: the peers of now cannot be read: " + e.getMessage());
      return before;
    }
  }

  private boolean tellThisNode(FlockerClient node, Peer added) throws InterruptedException {
    try {
      var _ = node.putPeer(added);
      return true;
    } catch (FailureException e) {
      session.lines(e).forEach(session::complain);
    } catch (IOException e) {
      session.complain("flocker: " + e.getMessage());
    }
    session.complain(
        "this node could not be told of it: here, '%s'".formatted(PeerCommands.addition(added)));
    return false;
  }

  /** Tells them as a {@link TemporaryUser}, whom all of them know. */
  private boolean tellPeers(List<Peer> peers, Peer added, Path folder) throws InterruptedException {
    if (peers.isEmpty()) {
      return true;
    }
    List<Peer> deaf = new ArrayList<>();
    try {
      TemporaryUser user = TemporaryUser.of(authority, folder);
      for (Peer peer : peers) {
        List<String> reasons = user.tell(peer, added);
        if (!reasons.isEmpty()) {
          reasons.forEach(session::complain);
          deaf.add(peer);
        }
      }
    } catch (SetupException | CredentialsException e) {
      session.complain("flocker: " + e.getMessage());
      deaf.addAll(peers);
    }
    for (Peer peer : deaf) {
      session.complain(
          "peer %s could not be told of it: on that node, '%s'"
              .formatted(peer.title(), PeerCommands.addition(added)));
    }
    return deaf.isEmpty();
  }

  /** Whether the new node was told of all peers: it was of those that there were before. */
  private boolean sayWhatItLacks(List<Peer> before, List<Peer> now, Peer added) {
    Set<NodeId> known = before.stream().map(Peer::node).collect(Collectors.toSet());
    List<Peer> lacking = now.stream().filter(peer -> !known.contains(peer.node())).toList();
    for (Peer peer : lacking) {
      session.complain(
          "node %s does not know %s, which came meanwhile: on that node, '%s'"
              .formatted(added.title(), peer.title(), PeerCommands.addition(peer)));
    }
    return lacking.isEmpty();
  }

  /** One line, without its end; empty if there is none. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() < LONGEST_LINE) {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
