package io.flocker.core.operation;

import io.flocker.core.identity.Principal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where operations are remembered that have ended. Any thread may call. */
public interface OperationStore {
  /**
   * An operation that has ended.
   *
   * @param owner who started it
   */
  record Ended(Principal owner, OperationView view) {}

  /** Remembers one. */
  void add(Ended operation);

  /** One that is remembered. */
  Optional<Ended> find(UUID id);

  /** All that are remembered, the last one to end first. */
  List<Ended> newestFirst();
}
