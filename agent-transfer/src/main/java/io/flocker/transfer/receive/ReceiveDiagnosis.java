package io.flocker.transfer.receive;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.Child;
import org.jspecify.annotations.Nullable;

/** Explains a failed receive by what its child said. */
final class ReceiveDiagnosis {
  private static final int UNKNOWN = -1;

  private ReceiveDiagnosis() {}

  /** The failure as it is, or, where only the child knows more, as its words explain it; blocks. */
  static FailureException explain(
      Storage storage, String dataset, @Nullable Child child, FailureException why) {
    if (child == null || why.failure() != TransferFailure.RECEIVER_FAILED) {
      return why;
    }
    int code =
        child.exit().toCompletableFuture().isDone()
            ? child.exit().toCompletableFuture().join().code()
            : UNKNOWN;
    return storage.explain(dataset, child, code).withMembersOf(why);
  }
}
