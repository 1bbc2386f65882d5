package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import io.flocker.core.volume.Confirmations;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a peer has confirmed that this node is the last owner of a volume.
 *
 * @param at when it has; empty while it is waited for
 * @param since when it is waited for; empty once it has
 * @param reason why it has not, for people
 */
public record ConfirmationDocument(
    NodeId peer, Optional<Instant> at, Optional<Instant> since, Optional<String> reason) {
  static ConfirmationDocument of(Confirmations.Word word) {
    return new ConfirmationDocument(word.peer(), word.at(), word.since(), word.reason());
  }
}
