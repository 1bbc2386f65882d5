package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody makes {@code hangs}, and ZFS does not come back. */
@Timeout(60)
class FirstRecordsTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final FirstRecords records = new FirstRecords(Duration.ofMillis(50));
  private final CompletableFuture<String> hanging =
      CompletableFuture.supplyAsync(
          () -> {
            try {
              return records.make(
                  "hangs",
                  () -> {
                    begun.countDown();
                    await(mayEnd);
                    return "made";
                  });
            } catch (FailureException e) {
              throw new IllegalStateException(e);
            }
          },
          task -> Thread.ofVirtual().start(task));

  @AfterEach
  void letItEnd() {
    mayEnd.countDown();
  }

  @Test
  void oneThatHangsHoldsUpNobodyWhoIsAboutAnother() throws Exception {
    await(begun);
    assertEquals("made", records.make("other", () -> "made"));
    assertEquals(Optional.of("found"), records.adopt("third", () -> Optional.of("found")));
  }

  @Test
  void whatIsBeingMadeIsNotAdoptedAndNotMadeTwice() throws Exception {
    await(begun);
    assertEquals(Optional.empty(), records.adopt("hangs", () -> Optional.of("found")));
    FailureException locked =
        assertThrows(FailureException.class, () -> records.make("hangs", () -> "again"));
    assertEquals(OwnershipFailure.VOLUME_LOCKED, locked.failure());
    assertTrue(locked.detail().contains("another request makes hangs"), locked::detail);

    mayEnd.countDown();
    assertEquals("made", hanging.get(30, TimeUnit.SECONDS));
    assertEquals("again", records.make("hangs", () -> "again"));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
