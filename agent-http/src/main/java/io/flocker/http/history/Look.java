package io.flocker.http.history;

import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.transfer.TransferDirection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What is seen of a node at one moment.
 *
 * @param receivedBytes of all streams since the daemon's start
 * @param sentBytes likewise
 * @param lagSeconds how far the copy is behind that is furthest behind; 0 without copies
 * @param copies how many this node brings up to date at peers
 * @param notCurrent how many of them are in another state than {@code CURRENT}
 */
public record Look(
    long receivedBytes, long sentBytes, double lagSeconds, int copies, int notCurrent) {
  /** Takes one from what counts bytes, and how the copies stand now. */
  public static Look at(ToLongFunction<TransferDirection> moved, List<CopyStatus> copies) {
    return new Look(
        moved.applyAsLong(TransferDirection.IN),
        moved.applyAsLong(TransferDirection.OUT),
        copies.stream().mapToDouble(CopyStatus::lagSeconds).max().orElse(0),
        copies.size(),
        Math.toIntExact(
            copies.stream().filter(copy -> copy.state() != CopyStatus.State.CURRENT).count()));
  }
}
