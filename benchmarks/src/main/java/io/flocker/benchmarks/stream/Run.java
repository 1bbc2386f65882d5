package io.flocker.benchmarks.stream;

import java.util.Map;

/**
 * One path, once.
 *
 * @param gigabytesPerSecond of all streams together; a GB has 10^9 bytes
 * @param machine CPU-seconds for each GB that the machine spent, whoever was the cause
 * @param processes CPU-seconds for each GB by what the process is
 * @param peakBytes the most resident memory by what the process is
 * @param further what else is known of this path
 */
record Run(
    double gigabytesPerSecond,
    double machine,
    Map<String, Double> processes,
    Map<String, Long> peakBytes,
    Map<String, Double> further) {
  /** CPU-seconds for each GB of all processes of this path. */
  double processSeconds() {
    return processes.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
