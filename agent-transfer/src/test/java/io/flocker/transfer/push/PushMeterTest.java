package io.flocker.transfer.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.Guid;
import io.flocker.core.plan.Step;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PushMeterTest {
  private static final Step FULL = new Step.Full(snapshot(1), SendFlags.NONE);
  private static final Step INCREMENT =
      new Step.Increment(snapshot(1), List.of(snapshot(2)), SendFlags.NONE);
  private static final long CONTENT = 500;

  private final RecordingContext context = new RecordingContext();

  @Test
  void everyStreamOfThePlanAndWhatWentBeforeCounts() {
    PushMeter meter = meter(7, OptionalLong.of(100), OptionalLong.of(50));
    meter.moved(40);
    meter.finished(100);
    meter.moved(20);
    meter.finished(50);

    assertEquals(List.of("7/157", "47/157", "107/157", "127/157", "157/157"), context.reports);
  }

  @Test
  void aFullStreamOfUnknownLengthCountsAsItsContent() {
    meter(0, OptionalLong.empty(), OptionalLong.of(50)).moved(1);

    assertEquals(List.of("0/550", "1/550"), context.reports);
  }

  @Test
  void oneIncrementOfUnknownLengthMakesTheWholeUnknown() {
    meter(0, OptionalLong.of(100), OptionalLong.empty()).moved(1);

    assertEquals(List.of("0/0", "1/0"), context.reports);
  }

  private PushMeter meter(long before, OptionalLong full, OptionalLong increment) {
    Map<Step, OptionalLong> estimates = new LinkedHashMap<>();
    estimates.put(FULL, full);
    estimates.put(INCREMENT, increment);
    return new PushMeter(context, before, estimates, CONTENT);
  }

  private static Snapshot snapshot(long number) {
    return new Snapshot("s" + number, new Guid(number), number, Instant.EPOCH);
  }
}
