package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.StorageFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackgroundTest {
  @Test
  void goesOnAfterWhatNobodyForesaw() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    CountDownLatch third = new CountDownLatch(1);
    try (Background _ =
        Background.start(
            "test",
            Duration.ofMillis(1),
            () -> {
              switch (rounds.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("unforeseen");
                case 2 -> throw StorageFailure.ZFS_FAILED.because("no");
                default -> third.countDown();
              }
              return true;
            })) {
      assertTrue(third.await(30, TimeUnit.SECONDS));
    }
  }
}
