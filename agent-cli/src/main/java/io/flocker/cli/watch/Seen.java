package io.flocker.cli.watch;

import io.flocker.cli.console.IdsInText;
import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.peer.PeerName;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.PeerDocument;
import io.flocker.http.api.VolumeDocument;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node has told of itself and its cluster, each part as it was told last; empty what it has
 * not told yet, or refuses to tell.
 *
 * @param asOf when it told all that it tells
 * @param lost why it does not answer; empty while it does
 * @param unanswered when it was asked what it has not answered yet; empty while nobody asks
 * @param refused what it refuses to tell, and why
 */
record Seen(
    Optional<NodeDocument> node,
    Optional<List<PeerDocument>> peers,
    Optional<ConvergenceStatus> wish,
    Optional<List<CopyStatus>> copies,
    Optional<List<OperationView>> operations,
    Optional<List<VolumeDocument>> volumes,
    Optional<Instant> asOf,
    Optional<String> lost,
    Optional<Instant> unanswered,
    List<String> refused) {
  private static final int BRIEF = 8;

  /** Of a node that was asked nothing. */
  static final Seen NOTHING =
      new Seen(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  Seen {
    refused = List.copyOf(refused);
  }

  /** The same, from a node that does not answer any more. */
  Seen lost(String why) {
    return new Seen(
        node,
        peers,
        wish,
        copies,
        operations,
        volumes,
        asOf,
        Optional.of(why),
        Optional.empty(),
        refused);
  }

  /** The same, from one that is asked since then. */
  Seen unanswered(Optional<Instant> since) {
    return new Seen(node, peers, wish, copies, operations, volumes, asOf, lost, since, refused);
  }

  /** The same, but for the wish. */
  Seen withoutWish() {
    return new Seen(
        node,
        peers,
        Optional.empty(),
        copies,
        operations,
        volumes,
        asOf,
        lost,
        unanswered,
        refused);
  }

  /** What people call a node: {@code here} the one that was asked. */
  String name(NodeId id) {
    if (node.filter(self -> self.node().equals(id)).isPresent()) {
      return "here";
    }
    return peerName(id).orElseGet(() -> id.toString().substring(0, BRIEF));
  }

  /** A sentence of the node, which tells of nodes and volumes by their ids, with their names. */
  String named(String sentence) {
    return IdsInText.named(
        sentence, id -> peerName(new NodeId(id)).or(() -> volumeName(new VolumeId(id))));
  }

  /** What people call a volume; the beginning of its id where the node has none of that id. */
  String name(VolumeId id) {
    return volumeName(id).orElseGet(() -> id.toString().substring(0, BRIEF));
  }

  private Optional<String> peerName(NodeId id) {
    return peers.orElse(List.of()).stream()
        .filter(peer -> peer.node().equals(id))
        .findFirst()
        .flatMap(PeerDocument::name)
        .map(PeerName::text);
  }

  private Optional<String> volumeName(VolumeId id) {
    return volumes.orElse(List.of()).stream()
        .filter(volume -> volume.id().equals(id))
        .findFirst()
        .map(volume -> volume.name().toString());
  }
}
