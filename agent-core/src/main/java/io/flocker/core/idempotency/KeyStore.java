package io.flocker.core.idempotency;

import io.flocker.core.failure.FailureException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Where keys are kept: on disk when a method returns. Any thread may call; every method blocks.
 * Each throws {@code STATE_UNAVAILABLE} where it cannot.
 */
public interface KeyStore {
  /** How long a key is kept at least. */
  Duration KEPT = Duration.ofHours(24);

  /** How many are kept at most; no further one is taken until one is old enough to go. */
  int MOST_KEYS = 100_000;

  /**
   * What is known of a key.
   *
   * @param operation what was started; it tells the outcome
   * @param answer what was answered; absent, like the operation, if nobody knows how far it came
   */
  record Kept(String fingerprint, Optional<UUID> operation, Optional<KeptAnswer> answer) {}

  /** What is known of a key; empty if it was never seen, or long ago. */
  Optional<Kept> find(KeyScope scope) throws FailureException;

  /**
   * Refuses one key more than may be kept; does not block.
   *
   * @throws FailureException {@code TOO_MANY_REQUESTS}
   */
  void requireRoom() throws FailureException;

  /** Keeps a key whose request is about to be done. */
  void claim(KeyClaim claim, Instant now) throws FailureException;

  /** Keeps how a claimed request was answered. */
  void answer(KeyScope scope, KeptAnswer answer) throws FailureException;

  /** Forgets a key whose request has done nothing. */
  void release(KeyScope scope) throws FailureException;

  /** Forgets some keys, at most 1,000, that were claimed before {@code oldest}. */
  void prune(Instant oldest) throws FailureException;
}
