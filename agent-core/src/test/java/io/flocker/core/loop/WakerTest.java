package io.flocker.core.loop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WakerTest {
  private static final long LONG = Duration.ofMinutes(5).toNanos();

  @Test
  void tellsWhetherAnythingHasHappenedWhileItWaited() throws Exception {
    Waker waker = new Waker();
    waker.wake();
    waker.wake();

    assertTrue(waker.await(LONG));
    assertFalse(waker.await(1), "both were one");
  }
}
