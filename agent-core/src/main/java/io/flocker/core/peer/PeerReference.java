package io.flocker.core.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.IdPrefix;
import io.flocker.core.id.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which peer people mean: by its uuid, by its name, by a host at which it is, or by the beginning
 * of its uuid, in this order. Nodes name each other by uuids alone.
 *
 * @param text as it was said
 */
public record PeerReference(String text) {
  /** More would not help anybody who has mistyped one. */
  private static final int MOST_TOLD = 16;

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
    List<Peer> named = those(peers, peer -> peer.name().filter(this::isName).isPresent());
    if (!named.isEmpty()) {
      return named.getFirst().node();
    }
    List<Peer> meant = those(peers, peer -> peer.isAt(text));
    Optional<IdPrefix> prefix = IdPrefix.of(text);
    boolean isSelf = false;
    if (meant.isEmpty() && prefix.isPresent()) {
      meant = those(peers, peer -> prefix.get().begins(peer.node()));
      isSelf = self.filter(prefix.get()::begins).isPresent();
    }
    if (isSelf && meant.isEmpty()) {
      return self.orElseThrow();
    }
    if (meant.isEmpty()) {
      throw OwnershipFailure.PEER_UNKNOWN.because(
          peers.isEmpty()
              ? "no peer is called '" + text + "': the node knows none"
              : "no peer is called '" + text + "'; there are " + list(peers));
    }
    if (isSelf || meant.size() > 1) {
      throw RequestFailure.AMBIGUOUS_REFERENCE.because(
          "'%s' can mean %s%s".formatted(text, list(meant), isSelf ? ", or the node itself" : ""));
    }
    return meant.getFirst().node();
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

  private static String list(Collection<Peer> peers) {
    String told =
        peers.stream().limit(MOST_TOLD).map(Peer::title).collect(Collectors.joining(", "));
    return peers.size() > MOST_TOLD
        ? told + " and " + (peers.size() - MOST_TOLD) + " others"
        : told;
  }
}
