package io.flocker.core.replicate.policy;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.volume.VolumeName;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What this node does for whom as the keeper of copies, whatever their owners ask.
 *
 * @param self this node, for refusals
 * @param usual for peers of which nothing is said
 * @param peers by peer
 */
public record ReceiverFloor(NodeId self, Terms usual, Map<NodeId, Terms> peers) {
  /**
   * What holds for one peer.
   *
   * @param keep what stays of the copies' snapshots, even where their owner keeps and wishes less
   * @param takesNew whether the peer may bring volumes of which there is no copy yet
   * @param space how many bytes its copies may take in all; empty for no limit
   * @param isAppendOnly whether nothing that it has brought is ever given up at its word
   * @param divergedCopies how many copies of each of its volumes, which have changed by themselves,
   *     are set aside at its word, 0 to {@value #MOST_DIVERGED}; each stays until somebody here
   *     destroys it
   */
  public record Terms(
      RetentionRules keep,
      boolean takesNew,
      OptionalLong space,
      boolean isAppendOnly,
      int divergedCopies) {
    /** More than anybody looks into. */
    public static final int MOST_DIVERGED = 100;

    /** Does as the owner asks, but for the newest snapshot, which stays. */
    public static final Terms NONE =
        new Terms(RetentionRules.ofLast(1), true, OptionalLong.empty(), false, 0);

    /** Terms by which nothing is set aside. */
    public Terms(RetentionRules keep, boolean takesNew, OptionalLong space, boolean isAppendOnly) {
      this(keep, takesNew, space, isAppendOnly, 0);
    }
  }

  public ReceiverFloor {
    peers = Map.copyOf(peers);
  }

  /** That of a node which has said nothing. */
  public static ReceiverFloor none(NodeId self) {
    return new ReceiverFloor(self, Terms.NONE, Map.of());
  }

  /** What holds for {@code peer}. */
  public Terms of(NodeId peer) {
    return peers.getOrDefault(peer, usual);
  }

  /**
   * Makes sure that a peer may bring a volume of which there is no copy here.
   *
   * @throws FailureException {@code NEW_VOLUME_REFUSED}
   */
  public void requireTakesNew(NodeId peer, VolumeName volume) throws FailureException {
    if (!of(peer).takesNew()) {
      throw TransferFailure.NEW_VOLUME_REFUSED
          .because(
              "node "
                  + self
                  + " has no copy of "
                  + volume
                  + " and takes no new volumes from node "
                  + peer)
          .with("node", self);
    }
  }

  /**
   * Makes sure that one more copy of a peer's volume may be set aside.
   *
   * @param present how many are here
   * @throws FailureException {@code SET_ASIDE_REFUSED}
   */
  public void requireSetsAside(NodeId peer, VolumeName volume, long present)
      throws FailureException {
    Terms terms = of(peer);
    if (terms.isAppendOnly() || present >= terms.divergedCopies()) {
      throw TransferFailure.SET_ASIDE_REFUSED
          .because(
              terms.isAppendOnly()
                  ? "node %s only appends to copies of node %s".formatted(self, peer)
                  : "node %s has %d copies of %s that were set aside, and sets %d aside for node %s"
                      .formatted(self, present, volume, terms.divergedCopies(), peer))
          .with("node", self);
    }
  }

  /**
   * Makes sure that what a peer's copies take stays within its share.
   *
   * @param taken what they take now, in bytes
   * @param more what is to come; 0 where nobody can say
   * @throws FailureException {@code SHARE_EXCEEDED}
   */
  public void requireShare(NodeId peer, long taken, long more) throws FailureException {
    OptionalLong space = of(peer).space();
    if (space.isPresent() && (taken >= space.getAsLong() || more > space.getAsLong() - taken)) {
      throw TransferFailure.SHARE_EXCEEDED
          .because(
              "copies of node %s take %d bytes at node %s, %d more would come, and %d are theirs"
                  .formatted(peer, taken, self, more, space.getAsLong()))
          .with("node", self);
    }
  }
}
