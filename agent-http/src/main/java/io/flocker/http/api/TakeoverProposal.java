package io.flocker.http.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Role;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What an operator has to sign to make a node the owner of a volume, {@code
 * takeover-proposal.json}.
 *
 * @param text to be signed, letter by letter
 * @param from who owned the volume, as far as the node knows
 * @param lastSnapshot what was written after it may be lost; empty if there is none
 * @param asked what each peer has said, or that it did not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TakeoverProposal(
    String text,
    long epoch,
    UUID operation,
    NodeId from,
    NodeId to,
    Optional<SnapshotDocument> lastSnapshot,
    List<Asked> asked) {
  public TakeoverProposal {
    asked = List.copyOf(asked);
  }

  /**
   * A node that was asked.
   *
   * @param role what it is to the volume; empty where it has no copy, or has not answered
   * @param epoch the highest that it has seen
   * @param silence why it has not answered
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Asked(
      NodeId node, Optional<Role> role, Optional<Long> epoch, Optional<String> silence) {}

  /** A snapshot as the API shows it. */
  public static Optional<SnapshotDocument> last(Optional<Snapshot> snapshot) {
    return snapshot.map(SnapshotDocument::of);
  }
}
