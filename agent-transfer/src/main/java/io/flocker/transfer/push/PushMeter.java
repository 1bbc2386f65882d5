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
   * @param contentBytes what the dataset refers to: about the length of a full stream that ZFS
   *     could not size; good enough to be shown, not to be planned with
   */
  PushMeter(
      OperationContext context, long before, Map<Step, OptionalLong> estimates, long contentBytes) {
    this.context = context;
    this.estimates = estimates;
    this.finishedBytes = before;
    this.totalBytes = total(before, contentBytes);
    context.progress(before, totalBytes);
  }

  private long total(long before, long contentBytes) {
    long total = before;
    for (Map.Entry<Step, OptionalLong> step : estimates.entrySet()) {
      if (step.getValue().isPresent()) {
        total += step.getValue().getAsLong();
      } else if (step.getKey() instanceof Step.Full) {
        total += contentBytes;
      } else {
        return UNKNOWN;
      }
    }
    return total;
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
