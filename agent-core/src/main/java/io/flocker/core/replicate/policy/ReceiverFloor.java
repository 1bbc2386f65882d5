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
   */
  public record Terms(
      RetentionRules keep, boolean takesNew, OptionalLong space, boolean isAppendOnly) {
    /** Does as the owner asks, but for the newest snapshot, which stays. */
    public static final Terms NONE =
        new Terms(RetentionRules.ofLast(1), true, OptionalLong.empty(), false);
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
