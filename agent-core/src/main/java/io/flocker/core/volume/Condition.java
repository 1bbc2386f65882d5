package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;

/** What a caller demands of a volume that it wants to change; asked with the volume's lock held. */
@FunctionalInterface
public interface Condition {
  /** Demands nothing. */
  Condition NONE = _ -> {};

  /**
   * Looks at the volume as it is.
   *
   * @throws FailureException {@code PRECONDITION_FAILED}
   */
  void check(Volume volume) throws FailureException;
}
