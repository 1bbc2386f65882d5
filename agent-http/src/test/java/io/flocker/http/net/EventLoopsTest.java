package io.flocker.http.net;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventLoopsTest {
  @Test
  void doNotAnswerWhileOneOfThemIsHeldUp() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (EventLoops loops = EventLoops.start(2)) {
      loops
          .next()
          .execute(() -> {
            held.countDown();
            try {
              release.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          });
      held.await();

      assertFalse(loops.answer(Duration.ofMillis(100)));
      release.countDown();
      assertTrue(loops.answer(Duration.ofSeconds(30)));
    }
  }
}
