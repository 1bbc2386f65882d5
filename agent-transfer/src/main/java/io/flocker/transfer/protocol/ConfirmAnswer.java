package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.ownership.Tenure;
import java.util.Optional;
import java.util.UUID;

/**
 * What a node knows of who owns a volume, once it has acted upon what it was shown.
 *
 * @param role what the node is to the volume; empty where it has no copy
 * @param owner who owns the volume as of the highest epoch that is proven to the node
 * @param epoch of that ownership
 * @param operation by which {@code owner} came to own it; empty where the node does not know
 * @param highestEpoch the highest that the node has ever seen for this volume
 * @param writable why the copy can still be written although the node was put out; empty as a rule
 * @param grants that lead to {@code owner}; empty where the question has shown the same
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConfirmAnswer(
    Optional<Role> role,
    Optional<NodeId> owner,
    long epoch,
    Optional<UUID> operation,
    long highestEpoch,
    Optional<String> writable,
    Optional<GrantDocument> grants) {
  /** Who owns the volume; empty where the node does not know by which operation. */
  public Optional<Tenure> tenure() {
    return owner.flatMap(node -> operation.map(by -> new Tenure(node, epoch, by)));
  }

  /** What proves that. */
  public GrantChain proof() {
    return grants.map(GrantDocument::chain).orElse(GrantChain.EMPTY);
  }
}
