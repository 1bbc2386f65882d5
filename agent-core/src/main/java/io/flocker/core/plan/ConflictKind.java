package io.flocker.core.plan;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import java.util.Optional;

/** Why nothing can be planned. */
public enum ConflictKind {
  /** Both sides have changed since the last common snapshot. */
  DIVERGED(TransferFailure.DIVERGED),
  /** The receiver has a copy, and no snapshot of it is known to the sender. */
  NO_COMMON_SNAPSHOT(TransferFailure.NO_COMMON_SNAPSHOT),
  /** The sender has no snapshot, or none that is wanted. */
  NO_SNAPSHOT_TO_SEND(TransferFailure.NO_SNAPSHOT_TO_SEND),
  /** The receiver has no copy and the policy forbids a first one. */
  INITIAL_FORBIDDEN(TransferFailure.INITIAL_FORBIDDEN),
  /** Raw streams are wanted, and one of the two ends cannot do that. */
  RAW_UNAVAILABLE(
      StorageFailure.POOL_FEATURE_MISSING,
      "the volume's policy wants raw streams, for which the ZFS of both nodes has to know zfs send"
          + " -w, and the peer's pool the feature encryption"),
  /** Raw streams are wanted, and the copy was begun with plain ones. */
  RAW_AFTER_PLAIN(
      StorageFailure.RAW_CHAIN_BROKEN,
      "the volume's policy wants raw streams, and the copy was begun with plain ones"),
  /** The other way round. */
  PLAIN_AFTER_RAW(
      StorageFailure.RAW_CHAIN_BROKEN,
      "the volume's policy wants plain streams, and the copy was begun with raw ones");

  private final Failure failure;
  private final Optional<String> detail;

  ConflictKind(Failure failure) {
    this.failure = failure;
    this.detail = Optional.empty();
  }

  ConflictKind(Failure failure, String detail) {
    this.failure = failure;
    this.detail = Optional.of(detail);
  }

  /** What exactly it is; empty where the snapshots of both sides say that. */
  Optional<String> detail() {
    return detail;
  }

  /** The failure that the conflict becomes for whoever asked for the transfer. */
  public Failure failure() {
    return failure;
  }
}
