package io.flocker.http.history;

import java.time.Instant;
import java.util.List;

/**
 * What a node did lately; see {@code history.json}.
 *
 * @param since when the daemon has begun
 * @param stepSeconds what usually lies between two samples
 * @param samples the oldest first
 */
public record HistoryDocument(Instant since, long stepSeconds, List<Sample> samples) {
  /**
   * What was seen at {@code time}, and how fast bytes moved since the look before.
   *
   * @param lagSeconds of the copy that was furthest behind
   * @param copies how many there were
   * @param notCurrent how many of them were in another state than current
   */
  public record Sample(
      Instant time,
      long receivedBytesPerSecond,
      long sentBytesPerSecond,
      double lagSeconds,
      int copies,
      int notCurrent) {}
}
