package io.flocker.cli.command;

import io.flocker.cli.console.IdsInText;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What people call the nodes that an answer tells of.
 *
 * @param peers those of the node that answered, by their ids
 */
record PeerNames(Map<NodeId, Peer> peers) {
  /**
   * The names that the node's peers have; none where they cannot be had, or may not be asked for.
   */
  static PeerNames of(FlockerClient node) throws InterruptedException {
    try {
      return of(node.peers());
    } catch (FailureException | IOException _) {
      return of(List.of()); // The answer that is to be printed has come all the same.
    }
  }

  static PeerNames of(List<Peer> peers) {
    return new PeerNames(peers.stream().collect(Collectors.toMap(Peer::node, Function.identity())));
  }

  /** The name, or the uuid of a node that has none: for a cell of a table. */
  String brief(NodeId node) {
    return Optional.ofNullable(peers.get(node))
        .flatMap(Peer::name)
        .map(PeerName::text)
        .orElseGet(node::toString);
  }

  /** The name with the uuid. */
  String whole(NodeId node) {
    return Optional.ofNullable(peers.get(node)).map(Peer::title).orElseGet(node::toString);
  }

  /** A sentence that tells of nodes by their ids, with their names. */
  String in(String sentence) {
    return IdsInText.named(
        sentence,
        id ->
            Optional.ofNullable(peers.get(new NodeId(id))).flatMap(Peer::name).map(PeerName::text));
  }

  /** Where its API is served, as the node that answered knows it. */
  String url(NodeId node) {
    return Optional.ofNullable(peers.get(node))
        .map(peer -> peer.addresses().getFirst().url().toString())
        .orElse("https://HOST:PORT");
  }
}
