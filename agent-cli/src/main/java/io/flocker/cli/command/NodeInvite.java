package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.join.CaProgram;
import io.flocker.cli.join.Invited;
import io.flocker.cli.join.JoinException;
import io.flocker.cli.join.JsonLines;
import io.flocker.cli.join.OwnHosts;
import io.flocker.cli.join.Surroundings;
import io.flocker.core.id.Address;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Takeover;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code flocker node invite}: lets one machine become a node of this one's cluster. */
final class NodeInvite {
  private static final int LONGEST_LINE = 64 * 1024;

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
    try (FlockerClient node = session.connect()) {
      NodeDocument self = node.node();
      List<Peer> peers = node.peers();
      if (peers.stream().anyMatch(peer -> peer.name().equals(Optional.of(order.name())))) {
        session.complain(
            "flocker: this node has a peer %s already; choose another name"
                .formatted(order.name()));
        return ExitCode.FAILED;
      }
      Optional<Invited> came = await(order, self, peers);
      if (came.isEmpty()) {
        return ExitCode.FAILED; // flocker-ca has said why.
      }
      Peer added =
          new Peer(
              came.get().node(), Optional.of(order.name()), came.get().addresses(), Takeover.NEVER);
      var _ = node.putPeer(added);
      session.complain("node %s has joined".formatted(added.title()));
      return tell(peers, added, order.folder());
    }
  }

  private Optional<Invited> await(Order order, NodeDocument self, List<Peer> peers)
      throws JoinException, InterruptedException {
    Process child = start(order);
    try {
      JsonLines.write(child.getOutputStream(), surroundings(order, self, peers));
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
        Invited invited = JsonLines.read(said, Invited.class, LONGEST_LINE);
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

  /** Whom the line was for has gone: the child lets nobody in any more, but who is in may go on. */
  private static void withdraw(Process child) {
    try {
      child.getOutputStream().close();
    } catch (IOException _) {
      // It has ended.
    }
  }

  private static Surroundings surroundings(Order order, NodeDocument self, List<Peer> peers) {
    URI url = self.url();
    Address here = Address.parse(url.getAuthority());
    Optional<PeerName> ownName =
        ownName(here)
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

  /** By the host at which it is reached, where that is a name; else what the machine is called. */
  private static Optional<PeerName> ownName(Address here) {
    return Stream.concat(Stream.of(here.host()), OwnHosts.name())
        .map(NodeInvite::peerName)
        .flatMap(Optional::stream)
        .findFirst();
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

  private Process start(Order order) throws JoinException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "invite",
                "--inputpath=" + order.folder(),
                "--for=" + order.time().toSeconds(),
                "--listen=" + order.listen(),
                "--"));
    command.addAll(order.hosts());
    return authority.start(command);
  }

  /** With a certificate of its own, whose key is gone when this ends. */
  private int tell(List<Peer> peers, Peer added, Path folder) throws Exception {
    if (peers.isEmpty()) {
      return ExitCode.DONE;
    }
    List<Peer> deaf = new ArrayList<>();
    try (PassingUser user = PassingUser.of(authority, folder)) {
      for (Peer peer : peers) {
        if (!user.tells(peer, added)) {
          deaf.add(peer);
        }
      }
    }
    for (Peer peer : deaf) {
      session.complain(
          "peer %s could not be told of it: on that node, '%s'"
              .formatted(peer.title(), PeerCommands.addition(added)));
    }
    return deaf.isEmpty() ? ExitCode.DONE : ExitCode.UNREACHABLE;
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
