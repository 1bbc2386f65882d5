package io.flocker.core.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * The only authority whose certificates a holder of credentials accepts. Immutable; any thread.
 *
 * @param revoked what it has taken back of them
 */
public record ClusterAuthority(X509Certificate certificate, RevocationList revoked) {
  /** Whether a certificate that was in force at that time was taken back by then. */
  boolean hasRevoked(X509Certificate issued, Instant then) {
    return revoked.since(issued).filter(since -> !then.isBefore(since)).isPresent();
  }

  /** Why a certificate that was accepted once is so no longer; empty if it still is. */
  public Optional<String> objection(X509Certificate accepted, Instant now) {
    if (revoked.since(accepted).isPresent()) {
      return Optional.of("revoked");
    }
    return now.isAfter(accepted.getNotAfter().toInstant())
        ? Optional.of("expired")
        : Optional.empty();
  }
}
