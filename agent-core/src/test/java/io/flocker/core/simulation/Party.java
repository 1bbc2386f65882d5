package io.flocker.core.simulation;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.simulation.Message.Answer;
import java.time.Instant;
import java.util.function.Consumer;

/** Who has a certificate of the cluster and can be talked to. */
interface Party {
  NodeId id();

  Credentials credentials();

  /** Its own clock. */
  Instant clock();

  /** Whether the certificate of another is in force by the clock here, as TLS wants it. */
  default boolean accepts(Party other) {
    Instant now = clock();
    return !now.isBefore(other.credentials().certificate().getNotBefore().toInstant())
        && !now.isAfter(other.credentials().certificate().getNotAfter().toInstant());
  }

  /** Takes a message, and answers it or not. */
  void serve(Party from, Message message, Consumer<Answer> answers);
}
