package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.util.UUID;

/**
 * What a peer says about a volume that it wants to bring.
 *
 * @param owner who may write it
 * @param epoch of the owner's record
 * @param operation that the peer is at
 * @param grants what the peer shows for how the owner came to own it
 */
public record Claim(
    VolumeId lineage,
    VolumeName name,
    NodeId owner,
    long epoch,
    UUID operation,
    GrantChain grants) {
  /**
   * Refuses what a node says for another: each tells only of what it owns itself.
   *
   * @param speaker the node that the certificate names
   * @throws FailureException {@code FOREIGN_CLAIM}
   */
  public static void requireOwn(NodeId speaker, NodeId owner, VolumeId lineage)
      throws FailureException {
    if (!speaker.equals(owner)) {
      throw OwnershipFailure.FOREIGN_CLAIM
          .because(
              "node "
                  + speaker
                  + " speaks for volume "
                  + lineage
                  + ", which node "
                  + owner
                  + " owns, as it says itself")
          .with("owner", owner);
    }
  }
}
