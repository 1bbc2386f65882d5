package io.flocker.benchmarks.stream;

import java.util.Collection;
import java.util.List;

/**
 * Times in order.
 *
 * @param sorted in nanoseconds, the shortest first; never empty
 */
record Percentiles(List<Long> sorted) {
  private static final double NANOS_PER_MILLI = 1e6;

  static Percentiles ofNanos(Collection<Long> nanos) {
    return new Percentiles(nanos.stream().sorted().toList());
  }

  /** What {@code share} of all stay within, in milliseconds. */
  double millis(double share) {
    int at = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.clamp(at, 0, sorted.size() - 1)) / NANOS_PER_MILLI;
  }

  @Override
  public String toString() {
    return "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, worst %.2f ms"
        .formatted(millis(0.5), millis(0.9), millis(0.99), millis(1));
  }
}
