package io.flocker.core.plan;

import io.flocker.core.failure.TransferFailure;

/** Why nothing can be planned. */
public enum ConflictKind {
  /** Both sides have changed since the last common snapshot. */
  DIVERGED(TransferFailure.DIVERGED),
  /** The receiver has a copy, and no snapshot of it is known to the sender. */
  NO_COMMON_SNAPSHOT(TransferFailure.NO_COMMON_SNAPSHOT),
  /** The sender has no snapshot, or none that is wanted. */
  NO_SNAPSHOT_TO_SEND(TransferFailure.NO_SNAPSHOT_TO_SEND),
  /** The receiver has no copy and the policy forbids a first one. */
  INITIAL_FORBIDDEN(TransferFailure.INITIAL_FORBIDDEN);

  private final TransferFailure failure;

  ConflictKind(TransferFailure failure) {
    this.failure = failure;
  }

  /** The failure that the conflict becomes for whoever asked for the transfer. */
  public TransferFailure failure() {
    return failure;
  }
}
