package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.Proof;

/** What has ended the receiving of a stream; the child may still be running. */
sealed interface ReceiveVerdict {
  /** Proven, taken and applied. */
  record Whole(Proof proof) implements ReceiveVerdict {}

  /** Anything else. */
  record Broken(FailureException why) implements ReceiveVerdict {}
}
