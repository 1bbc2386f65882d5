package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.ownership.Tenure;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks a node what it knows of who owns a volume: {@code POST /node/v1/volumes/{id}/confirm}.
 *
 * @param owner who owns it as far as the asking node knows; empty where it knows nothing
 * @param epoch of its ownership
 * @param operation by which it came to own it
 * @param grants that it did, signed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConfirmRequest(
    Optional<NodeId> owner,
    Optional<Long> epoch,
    Optional<UUID> operation,
    Optional<GrantDocument> grants) {
  /** Asks without saying anything. */
  public static final ConfirmRequest BLANK =
      new ConfirmRequest(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Shows who owns the volume, and asks whether that is the last word. */
  public static ConfirmRequest showing(Tenure tenure, GrantDocument grants) {
    return new ConfirmRequest(
        Optional.of(tenure.owner()),
        Optional.of(tenure.epoch()),
        Optional.of(tenure.operation()),
        Optional.of(grants));
  }

  /** Whom it shows, if it shows anybody. */
  public Optional<Tenure> tenure() {
    return owner.isPresent() && epoch.isPresent() && operation.isPresent()
        ? Optional.of(new Tenure(owner.get(), epoch.get(), operation.get()))
        : Optional.empty();
  }
}
