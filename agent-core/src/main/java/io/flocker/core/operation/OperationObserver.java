package io.flocker.core.operation;

import io.flocker.core.identity.Principal;

/**
 * Hears what operations do: each start, phase and end, and progress now and then. For one operation
 * in order, on whatever thread it happens, event loops included: it never blocks and never calls
 * back.
 */
@FunctionalInterface
public interface OperationObserver {
  /** Hears nothing. */
  OperationObserver NONE = (_, _) -> {};

  /**
   * Is told how an operation is now.
   *
   * @param owner the only one who may be told
   */
  void changed(Principal owner, OperationView operation);
}
