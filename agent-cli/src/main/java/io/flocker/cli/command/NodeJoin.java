package io.flocker.cli.command;

import io.flocker.cli.doctor.LocalZfs;
import io.flocker.cli.join.JoinConnection;
import io.flocker.cli.join.JoinMessages.Membership;
import io.flocker.cli.join.JoinToken;
import io.flocker.cli.setup.NodeFiles;
import io.flocker.cli.setup.NodeService;
import io.flocker.cli.setup.Pools;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.OwnKey;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code flocker node join}: makes this machine a node of the cluster that has invited it. */
final class NodeJoin {
  private final Session session;
  private final NodeService service;

  NodeJoin(Session session, NodeService service) {
    this.session = session;
    this.service = service;
  }

  /** The document that {@code --json} prints. */
  private record Joined(NodeId node, List<Peer> peers, boolean started) {}

  /** What its daemon says, if one runs, and the peers that it does not know. */
  private record Begun(Optional<NodeDocument> started, List<Peer> unknown) {}

  /**
   * Joins.
   *
   * @throws SetupException if that failed; then nothing was changed, or the message says what
   */
  int join(JoinToken token) throws Exception {
    Path folder = session.environment().folder();
    NodeConfiguration settings = requireReady(folder);
    OwnKey nodeKey = OwnKey.generate();
    OwnKey localKey = OwnKey.generate();
    try (JoinConnection connection = JoinConnection.open(token)) {
      session.tellStep("having the keys of this node certified by " + token.address());
      Membership membership = connection.ask(nodeKey, localKey);
      Begun begun = begin(membership.files(nodeKey, localKey), membership, connection);
      Address address =
          begun
              .started()
              .map(node -> Address.parse(node.url().getAuthority()))
              .orElse(new Address("HOST", settings.advertise().port()));
      boolean isNoted = connection.tellBegun(address.port());
      boolean isStarted = begun.started().isPresent();
      session.print(
          new Joined(membership.node(), membership.peers(), isStarted),
          () -> lines(membership, isStarted, begun.unknown()));
      if (!isNoted) {
        tellWhatOthersLack(new Peer(membership.node(), List.of(address), Takeover.NEVER));
        return ExitCode.UNREACHABLE;
      }
      return begun.unknown().isEmpty() || !isStarted ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  /** Looks at this machine before the invitation is used, which works once. */
  private static NodeConfiguration requireReady(Path folder)
      throws SetupException, ConfigurationException {
    NodeFiles.requireNone(folder);
    NodeFiles.requireWritable(folder);
    NodeConfiguration settings = NodeConfiguration.read(folder.resolve("flockerd.yml"));
    requirePool(settings);
    return settings;
  }

  private static void requirePool(NodeConfiguration settings) throws SetupException {
    try {
      Optional<String> node = Pools.nodeOf(LocalZfs.of(settings).zfs(), settings.pool());
      if (node.isPresent()) {
        throw new SetupException(
            "the pool %s is that of node %s: name another one in conf.d, or have this machine be that node again (OPERATIONS.md)"
                .formatted(settings.pool(), node.get()));
      }
    } catch (FailureException e) {
      throw new SetupException(
          "the pool %s cannot be used (%s): make it, 'zpool create %1$s DISK', or name another one in conf.d"
              .formatted(settings.pool(), e.detail()),
          e);
    }
  }

  /**
   * Makes this machine the node, starts it and tells it of its peers; tells the inviter of a
   * failure.
   */
  private Begun begin(NodeFiles files, Membership membership, JoinConnection connection)
      throws Exception {
    Path folder = session.environment().folder();
    session.tellStep("writing " + folder);
    try {
      files.place(folder);
      Optional<NodeDocument> started = NodeStart.start(session, service);
      if (started.isEmpty()) {
        return new Begun(started, membership.peers());
      }
      requireSame(started.get(), membership);
      session.tellStep("telling it of its peers");
      return new Begun(started, addPeers(membership.peers()));
    } catch (Exception e) {
      boolean isPlaced = !NodeFiles.present(folder).isEmpty();
      connection.tellFailed(String.valueOf(e.getMessage()), isPlaced);
      if (isPlaced) {
        tellWhatIsLeft(membership);
      }
      throw e;
    }
  }

  private static void requireSame(NodeDocument answering, Membership membership)
      throws SetupException {
    if (!answering.node().equals(membership.node())) {
      throw new SetupException(
          "who answers at %s is node %s and not this one: does another flockerd run, or say --url or FLOCKER_URL another machine?"
              .formatted(answering.url(), answering.node()));
    }
  }

  private void tellWhatOthersLack(Peer self) {
    session.complain(
        "Who has invited does not answer any more: the other nodes may not know this one. On"
            + " each:");
    session.complain("  " + PeerCommands.addition(self));
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
          session.lines(e).forEach(session::complain);
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
