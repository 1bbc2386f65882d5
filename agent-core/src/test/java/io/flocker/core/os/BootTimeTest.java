package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BootTimeTest {
  private static final int HUNDREDTH_NANOS = 10_000_000; // What /proc/uptime is told in.

  @Test
  void isTheUptimeOfTheMachine() throws Exception {
    long before = uptimeNanos();
    long nanos = BootTime.nanos();
    long after = uptimeNanos();

    assertTrue(before <= nanos && nanos < after + HUNDREDTH_NANOS, () -> before + " " + nanos);
  }

  /** Suspends included: proc_uptime(5). */
  private static long uptimeNanos() throws IOException {
    String uptime = Files.readString(Path.of("/proc/uptime"));
    return new BigDecimal(uptime.substring(0, uptime.indexOf(' ')))
        .movePointRight(9)
        .longValueExact();
  }
}
