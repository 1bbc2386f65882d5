package io.flocker.core.operation;

import java.util.OptionalLong;

/**
 * Smooths what a stream reports into a rate that people can read. Any thread may call, event loops
 * too: the lock is held for some arithmetic only.
 */
final class ProgressMeter {
  /** Shorter intervals tell of the scheduler rather than of the link. */
  private static final long SAMPLE_NANOS = 250_000_000;

  /** How long the rate remembers. */
  private static final double MEMORY_NANOS = 5e9;

  private static final double NANOS_PER_SECOND = 1e9;

  private boolean hasBegun;
  private boolean hasRate;
  private long bytes;
  private long estimate;
  private long sampledBytes;
  private long sampledNanos;
  private double bytesPerNano;

  /**
   * Takes a report; fewer bytes than before begin another stream.
   *
   * @param estimateBytes the stream's whole length; 0 and what is 2^63 or more, which as a {@code
   *     long} is negative, mean unknown
   * @param nowNanos of a clock that only goes forward
   */
  synchronized void report(long reportedBytes, long estimateBytes, long nowNanos) {
    if (!hasBegun || reportedBytes < bytes) {
      hasBegun = true;
      hasRate = false;
      bytesPerNano = 0;
      sampledBytes = reportedBytes;
      sampledNanos = nowNanos;
    }
    bytes = reportedBytes;
    estimate = estimateBytes;
    sample(nowNanos);
  }

  /** How far it is now: the rate of a stream that stands still falls with every look. */
  synchronized Progress at(long nowNanos) {
    if (!hasBegun) {
      return Progress.NONE;
    }
    sample(nowNanos);
    // An estimate that was passed was wrong.
    boolean isKnown = estimate > 0 && estimate >= bytes;
    long perSecond = Math.round(bytesPerNano * NANOS_PER_SECOND);
    return new Progress(
        bytes,
        isKnown ? OptionalLong.of(estimate) : OptionalLong.empty(),
        perSecond,
        isKnown && perSecond > 0
            ? OptionalLong.of(Math.ceilDiv(estimate - bytes, perSecond))
            : OptionalLong.empty());
  }

  private void sample(long nowNanos) {
    long elapsed = nowNanos - sampledNanos;
    if (elapsed < SAMPLE_NANOS) {
      return;
    }
    double latest = (double) (bytes - sampledBytes) / elapsed;
    double weight = hasRate ? 1 - Math.exp(-elapsed / MEMORY_NANOS) : 1;
    bytesPerNano += weight * (latest - bytesPerNano);
    hasRate = true;
    sampledBytes = bytes;
    sampledNanos = nowNanos;
  }
}
