package io.flocker.transfer.push;

import io.flocker.core.operation.OperationContext;
import io.flocker.core.plan.Step;
import java.util.Map;
import java.util.OptionalLong;

/** How far a push has come over all of its streams. On the operation's thread only. */
final class PushMeter {
  private static final long UNKNOWN = 0;

  private final OperationContext context;
  private final Map<Step, OptionalLong> estimates;
  private final long totalBytes;
  private long finishedBytes;

  /**
   * Measures.
   *
   * @param before bytes that the operation had moved before this push
   * @param estimates the length of every stream, where ZFS could say
   */
  PushMeter(OperationContext context, long before, Map<Step, OptionalLong> estimates) {
    this.context = context;
    this.estimates = estimates;
    this.finishedBytes = before;
    this.totalBytes =
        estimates.values().stream().allMatch(OptionalLong::isPresent)
            ? before + estimates.values().stream().mapToLong(OptionalLong::getAsLong).sum()
            : UNKNOWN;
    context.progress(before, totalBytes);
  }

  OptionalLong estimate(Step step) {
    return estimates.getOrDefault(step, OptionalLong.empty());
  }

  /** The stream that runs has come so far. */
  void moved(long streamBytes) {
    context.progress(finishedBytes + streamBytes, totalBytes);
  }

  /** The stream that ran is over. */
  void finished(long streamBytes) {
    finishedBytes += streamBytes;
    context.progress(finishedBytes, totalBytes);
  }
}
