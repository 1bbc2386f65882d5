package io.flocker.core.peer;

import io.flocker.core.failure.Choice;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.IdPrefix;
import io.flocker.core.id.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which peer people mean: by its uuid, by its name or a host at which it is, or by the beginning of
 * its uuid, in this order. Nodes name each other by uuids alone.
 *
 * @param text as it was said
 */
public record PeerReference(String text) {
  /**
   * The node that is meant. A whole uuid is that node, whether or not it is a peer.
   *
   * @param peers all there are
   * @param self the node that is asked, which may be named by the beginning of its uuid too; empty
   *     where nobody means it
   * @throws FailureException {@code PEER_UNKNOWN}, or {@code AMBIGUOUS_REFERENCE}; both say whom
   *     there is
   */
  public NodeId among(Collection<Peer> peers, Optional<NodeId> self) throws FailureException {
    Optional<NodeId> whole = whole();
    if (whole.isPresent()) {
      return whole.get();
    }
    FailureException none =
        OwnershipFailure.PEER_UNKNOWN.because(
            "no peer is called '%s'%s"
                .formatted(
                    text,
                    peers.isEmpty()
                        ? ": the node knows none"
                        : "; there are " + Choice.list(peers.stream().map(Peer::title).toList())));
    // One's name and another's host mean neither: who is fenced by it may be the one that lives.
    List<Peer> called =
        those(peers, peer -> peer.name().filter(this::isName).isPresent() || peer.isAt(text));
    if (!called.isEmpty()) {
      return Choice.only(text, called, called.stream().map(Peer::title).toList(), none).node();
    }
    List<NodeId> meant = new ArrayList<>();
    List<String> titles = new ArrayList<>();
    IdPrefix.of(text)
        .ifPresent(prefix -> {
          for (Peer peer : those(peers, peer -> prefix.begins(peer.node()))) {
            meant.add(peer.node());
            titles.add(peer.title());
          }
          self.filter(prefix::begins)
              .ifPresent(node -> {
                meant.add(node);
                titles.add("the node itself (" + node + ")");
              });
        });
    return Choice.only(text, meant, titles, none);
  }

  private Optional<NodeId> whole() {
    try {
      return Optional.of(NodeId.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private boolean isName(PeerName name) {
    return name.text().equals(text.toLowerCase(Locale.ROOT));
  }

  private static List<Peer> those(Collection<Peer> peers, Predicate<Peer> which) {
    return peers.stream().filter(which).toList();
  }
}
