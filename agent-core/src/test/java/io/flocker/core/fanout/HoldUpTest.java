package io.flocker.core.fanout;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HoldUpTest {
  private final HoldUp holdUp = new HoldUp(Duration.ofSeconds(10), 0);

  @Test
  void whoHasStoppedIsTooSlowAfterThePatience() {
    holdUp.waited(seconds(9));
    assertFalse(holdUp.isTooLong(seconds(1_000)));

    holdUp.waited(seconds(1));
    assertTrue(holdUp.isTooLong(seconds(1_001)));
  }

  @Test
  void whoIsALittleSlowerGoesAlong() {
    for (int second = 0; second < 100_000; second += 4) { // Others wait for it one second of four.
      holdUp.waited(seconds(1));
      holdUp.moved();
      assertFalse(holdUp.isTooLong(seconds(second + 4)));
    }
  }

  @Test
  void whoMakesItTakeTwiceAsLongDoesNot() {
    int second = 0;
    while (!holdUp.isTooLong(seconds(second))) { // Others wait for it one second of two.
      second += 2;
      holdUp.waited(seconds(1));
      holdUp.moved();
      assertTrue(second < 100);
    }
  }

  private static long seconds(int seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
