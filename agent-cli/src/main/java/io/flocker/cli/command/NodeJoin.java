package io.flocker.cli.command;

import io.flocker.cli.join.JoinException;
import io.flocker.cli.join.JoinMessages.Membership;
import io.flocker.cli.join.JoinMessages.Outcome;
import io.flocker.cli.join.JoinToken;
import io.flocker.cli.join.Joining;
import io.flocker.cli.join.NodeFiles;
import io.flocker.cli.join.NodeService;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.OwnKey;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.UnreachableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code flocker node join}: makes this machine a node of the cluster that has invited it. */
final class NodeJoin {
  private static final int USUAL_PORT = 4523;

  private final Session session;
  private final NodeService service;

  NodeJoin(Session session, NodeService service) {
    this.session = session;
    this.service = service;
  }

  /** The document that {@code --json} prints. */
  private record Joined(NodeId node, List<Peer> peers, boolean started) {}

  /**
   * Joins.
   *
   * @throws JoinException if that failed; then nothing was changed, or the message says what
   */
  int join(JoinToken token) throws Exception {
    Path folder = session.environment().folder();
    NodeFiles.requireNone(folder);
    OwnKey nodeKey = OwnKey.generate();
    OwnKey localKey = OwnKey.generate();
    try (Joining joining = Joining.by(token)) {
      Membership membership = joining.ask(nodeKey, localKey);
      try {
        NodeFiles.of(membership, nodeKey, localKey).place(folder);
        Optional<NodeDocument> started = NodeStart.start(session, service);
        List<Peer> unknown =
            started.isPresent() ? addPeers(membership.peers()) : membership.peers();
        joining.tell(
            new Outcome(
                started.map(node -> node.url().getPort()).orElse(USUAL_PORT), Optional.empty()));
        session.print(
            new Joined(membership.node(), membership.peers(), started.isPresent()),
            () -> lines(membership, started.isPresent(), unknown));
        return unknown.isEmpty() || started.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
      } catch (JoinException | CredentialsException | UnreachableException e) {
        joining.tell(new Outcome(0, Optional.of(String.valueOf(e.getMessage()))));
        if (!NodeFiles.present(folder).isEmpty()) {
          tellWhatIsLeft(membership);
        }
        throw e;
      }
    }
  }

  private void tellWhatIsLeft(Membership membership) {
    session.complain(
        "This machine is node %s once flockerd runs; then:".formatted(membership.node()));
    membership.peers().forEach(peer -> session.complain("  " + PeerCommands.addition(peer)));
  }

  /** Tells this node of the others; those that it did not take. */
  private List<Peer> addPeers(List<Peer> peers) throws Exception {
    List<Peer> unknown = new ArrayList<>();
    try (FlockerClient node = session.connect()) {
      for (Peer peer : peers) {
        try {
          var _ = node.putPeer(peer);
        } catch (FailureException e) {
          ProblemText.lines(e).forEach(session::complain);
          unknown.add(peer);
        }
      }
    }
    return unknown;
  }

  private static List<String> lines(Membership membership, boolean isStarted, List<Peer> unknown) {
    List<String> lines = new ArrayList<>();
    lines.add("joined as node " + membership.node());
    if (!isStarted) {
      lines.add("no systemd is here: start flockerd, and have it started at each boot; then");
    }
    unknown.forEach(peer -> lines.add("tell it of a peer: " + PeerCommands.addition(peer)));
    return lines;
  }
}
