package io.flocker.benchmarks.stream;

import java.util.List;

/**
 * What a sending agent has seen.
 *
 * @param nanos from the first request to the last answer
 * @param bytes of all streams together
 * @param firstByteNanos of each stream: from its request until the receiving child was given bytes
 * @param streamNanos of each stream: from its request to its answer
 * @param children how many were started, where they are counted
 */
record Sent(
    long nanos, long bytes, List<Long> firstByteNanos, List<Long> streamNanos, int children) {
  Sent(long nanos, long bytes, List<Long> firstByteNanos, List<Long> streamNanos) {
    this(nanos, bytes, firstByteNanos, streamNanos, 0);
  }
}
