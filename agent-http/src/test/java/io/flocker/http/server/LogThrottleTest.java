package io.flocker.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
  private long now;
  private final LogThrottle throttle = new LogThrottle(Duration.ofSeconds(60), () -> now);

  @Test
  void letsOneLineOfAnAddressInAndCountsTheOthers() {
    assertEquals(OptionalLong.of(0), throttle.admit("a"));
    assertEquals(OptionalLong.empty(), throttle.admit("a"));
    assertEquals(OptionalLong.empty(), throttle.admit("a"));
    assertEquals(OptionalLong.of(0), throttle.admit("b"));

    pass(59);
    assertEquals(OptionalLong.empty(), throttle.admit("a"));
    pass(1);
    assertEquals(OptionalLong.of(3), throttle.admit("a"));
    assertEquals(OptionalLong.of(0), throttle.admit("b"));
  }

  @Test
  void letsABoundedNumberOfLinesInWhateverTheAddresses() {
    assertEquals(1_025, admitted(100_000));
    pass(60);
    assertEquals(1_025, admitted(100_000));
  }

  private int admitted(int addresses) {
    int lines = 0;
    for (int i = 0; i < addresses; i++) {
      lines += throttle.admit("address " + i).isPresent() ? 1 : 0;
    }
    return lines;
  }

  private void pass(long seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }
}
