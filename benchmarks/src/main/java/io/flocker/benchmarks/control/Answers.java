package io.flocker.benchmarks.control;

/** What came of asking. */
final class Answers {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  private final long[] sorted;
  private final long nanos;

  /**
   * Answers that were counted.
   *
   * @param sorted how long each took, in nanoseconds, the shortest first
   * @param nanos how long all of it took
   */
  Answers(long[] sorted, long nanos) {
    this.sorted = sorted;
    this.nanos = nanos;
  }

  double perSecond() {
    return sorted.length * NANOS_PER_SECOND / nanos;
  }

  /** What {@code share} of all stay within, in milliseconds. */
  double millis(double share) {
    int at = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.clamp(at, 0, sorted.length - 1)] / NANOS_PER_MILLI;
  }

  int count() {
    return sorted.length;
  }
}
