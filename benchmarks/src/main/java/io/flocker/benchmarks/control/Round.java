package io.flocker.benchmarks.control;

/** Both asked the same, one right after the other. */
record Round(Side ours, Side nginx) {
  /**
   * One of them.
   *
   * @param cpu microseconds of its processor time that each answer took
   * @param p50 in milliseconds, as the other one
   */
  record Side(double perSecond, double cpu, double p50, double p99) {}

  double speed() {
    return ours.perSecond() / nginx.perSecond();
  }

  double cpu() {
    return ours.cpu() / nginx.cpu();
  }

  double p99() {
    return ours.p99() / nginx.p99();
  }
}
