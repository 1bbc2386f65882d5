package io.flocker.core.operation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.idempotency.KeyClaim;
import io.flocker.core.identity.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where operations are kept: on disk when a method returns. Any thread may call; every method
 * blocks, and throws {@code STATE_UNAVAILABLE} where it cannot.
 */
public interface OperationStore {
  /**
   * An operation that is kept.
   *
   * @param owner who started it
   * @param input what it needs to go on, by kind: values that Jackson writes
   * @param attempts how often it began
   */
  record Kept(Principal owner, Map<String, Object> input, int attempts, OperationView view) {}

  /** Keeps a new one, together with the key of the request that started it. */
  void add(Kept operation, Optional<KeyClaim> claim) throws FailureException;

  /** Keeps that one begins, for the {@code attempts}th time. */
  void begin(UUID id, int attempts) throws FailureException;

  /** Keeps how one has ended. */
  void end(OperationView operation) throws FailureException;

  /** One that is kept. */
  Optional<Kept> find(UUID id) throws FailureException;

  /** Those that {@code query} asks for, the last one to be added first. */
  List<Kept> list(OperationQuery query) throws FailureException;

  /** Those that have not ended, the first one to be added first. */
  List<Kept> unfinished() throws FailureException;

  /**
   * Forgets some that have ended, at most 1,000: those that ended before {@code oldest}, and those
   * before the last {@code most}; none whose key is kept.
   */
  void prune(Instant oldest, int most) throws FailureException;
}
