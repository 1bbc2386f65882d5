package io.flocker.core.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressMeterTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ProgressMeter meter = new ProgressMeter();

  @Test
  void beforeTheFirstReportNothingIsKnown() {
    assertEquals(Progress.NONE, meter.at(7 * SECOND));
  }

  @Test
  void aSteadyStreamHasItsRateAndItsEnd() {
    for (int second = 0; second <= 10; second++) {
      meter.report(second * 100L, 2_000, second * SECOND);
    }
    assertEquals(
        new Progress(1_000, OptionalLong.of(2_000), 100, OptionalLong.of(10)),
        meter.at(10 * SECOND));
  }

  @Test
  void aBurstDoesNotMakeTheRateJump() {
    meter.report(0, 0, 0);
    meter.report(100, 0, SECOND);
    meter.report(1_100, 0, 2 * SECOND);
    long rate = meter.at(2 * SECOND).bytesPerSecond();
    assertTrue(rate > 100 && rate < 500, () -> "smoothed: " + rate);
  }

  @Test
  void theRateOfAStreamThatStandsStillFalls() {
    meter.report(0, 10_000, 0);
    meter.report(1_000, 10_000, SECOND);
    Progress later = meter.at(60 * SECOND);
    assertEquals(0, later.bytesPerSecond());
    assertEquals(OptionalLong.empty(), later.etaSeconds());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, 999})
  @DisplayName("R18 an absurd estimate is unknown, not a negative bar")
  void anAbsurdEstimateIsUnknown(long estimate) {
    meter.report(0, estimate, 0);
    meter.report(1_000, estimate, SECOND);
    assertEquals(
        new Progress(1_000, OptionalLong.empty(), 1_000, OptionalLong.empty()), meter.at(SECOND));
  }

  @Test
  void theNextStreamIsMeasuredAnew() {
    meter.report(0, 5_000, 0);
    meter.report(5_000, 5_000, SECOND);
    meter.report(0, 100, 2 * SECOND);
    assertEquals(
        new Progress(0, OptionalLong.of(100), 0, OptionalLong.empty()), meter.at(2 * SECOND));
  }
}
