package io.flocker.core.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final List<Long> paused = new ArrayList<>();
  private long nowNanos;

  @Test
  void pausesLongerAndLongerUpToTheLongest() throws Exception {
    Backoff backoff = backoff();

    for (int i = 0; i < 6; i++) {
      assertTrue(backoff.pause());
    }

    assertEquals(List.of(100L, 200L, 400L, 800L, 1_000L, 1_000L), paused);
  }

  @Test
  void beginsAnewOnceSomethingWentWell() throws Exception {
    Backoff backoff = backoff();
    boolean _ = backoff.pause();
    boolean _ = backoff.pause();

    backoff.reset();
    boolean _ = backoff.pause();

    assertEquals(List.of(100L, 200L, 100L), paused);
  }

  @Test
  void noPauseGoesBeyondTheEnd() throws Exception {
    Backoff backoff = backoff().within(Duration.ofMillis(650));

    assertTrue(backoff.pause());
    assertTrue(backoff.pause());
    assertFalse(backoff.pause(), "400 ms more would be 700 ms");

    assertEquals(List.of(100L, 200L), paused);
  }

  @Test
  void whatWasTriedCountsAsTime() throws Exception {
    Backoff backoff = backoff().within(Duration.ofSeconds(10));
    boolean _ = backoff.pause();

    nowNanos += Duration.ofSeconds(10).toNanos();

    assertFalse(backoff.pause());
  }

  @Test
  void endsAfterSoManyPausesWhoeverAskedForThem() throws Exception {
    Backoff backoff = backoff().atMost(2);

    assertTrue(backoff.pause(Duration.ofSeconds(7)));
    assertTrue(backoff.pause());
    assertFalse(backoff.pause());

    assertEquals(List.of(7_000L, 100L), paused);
  }

  private Backoff backoff() {
    return new Backoff(
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        () -> nowNanos,
        pause -> {
          paused.add(pause.toMillis());
          nowNanos += pause.toNanos();
        });
  }
}
