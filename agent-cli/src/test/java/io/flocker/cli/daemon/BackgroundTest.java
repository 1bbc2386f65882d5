package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.StorageFailure;
import io.flocker.core.log.LogTarget;
import io.flocker.core.log.Logging;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void tellsOnceWhatStaysWrong(@TempDir Path folder) throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    CountDownLatch last = new CountDownLatch(1);
    Path log = folder.resolve("log");
    try (Logging _ = Logging.start(new LogTarget.File(log));
        Background _ =
            Background.start(
                "test",
                Duration.ofMillis(1),
                () -> {
                  switch (rounds.incrementAndGet()) {
                    case 1, 2, 3, 5, 6 ->
                        throw StorageFailure.POOL_UNAVAILABLE.because("the pool is away");
                    case 7 -> throw StorageFailure.ZFS_FAILED.because("no");
                    case 8 -> last.countDown();
                    default -> {} // The pool is there.
                  }
                  return true;
                })) {
      assertTrue(last.await(30, TimeUnit.SECONDS));
    }

    List<String> told =
        Files.readAllLines(log).stream().filter(line -> line.contains("eliot:traceback")).toList();
    assertEquals(3, told.size(), "away, away again, and something else: " + told);
  }
}
