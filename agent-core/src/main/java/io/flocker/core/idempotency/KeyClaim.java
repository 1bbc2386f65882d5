package io.flocker.core.idempotency;

import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A request that bears a key.
 *
 * @param fingerprint SHA-256 of what is asked, 64 hex digits
 */
public record KeyClaim(KeyScope scope, String fingerprint) {
  private static final ScopedValue<KeyClaim> CURRENT = ScopedValue.newInstance();

  /** That of the request that this thread serves; empty where it bears no key. */
  public static Optional<KeyClaim> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Runs {@code body} as the serving of this request. */
  public <T> T serve(Callable<T> body) throws Exception {
    return ScopedValue.where(CURRENT, this).call(body::call);
  }
}
