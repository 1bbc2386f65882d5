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
  OperationObserver NONE = (_, _, _) -> {};

  /** What has just happened to an operation. */
  enum Moment {
    /** It is there: for the first time, or again after a start of the daemon. */
    STARTED,
    /** It does something else now. */
    PHASE,
    /** It has come further. */
    PROGRESS,
    /** It has ended, and is kept so. */
    ENDED
  }

  /**
   * Is told how an operation is now.
   *
   * @param owner the only one who may be told
   */
  void changed(Moment moment, Principal owner, OperationView operation);

  /** Both of them hear: this one first. */
  default OperationObserver and(OperationObserver other) {
    return (moment, owner, operation) -> {
      changed(moment, owner, operation);
      other.changed(moment, owner, operation);
    };
  }
}
