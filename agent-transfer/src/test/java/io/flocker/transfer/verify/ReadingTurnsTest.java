package io.flocker.transfer.verify;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadingTurnsTest {
  private final ReadingTurns turns = new ReadingTurns();
  private final NodeId greedy = NodeId.random();
  private final NodeId other = NodeId.random();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  @Test
  void whatPeersAskForKeepsNothingOfThisNodesOwnWaiting() throws Exception {
    try (ReadingTurns.Turn _ = turns.of(greedy);
        ReadingTurns.Turn _ = turns.own(() -> order.add("waits"))) {
      assertEquals(List.of(), order);
    }
  }

  @Test
  void whoWaitsForAnotherOfThisNodesOwnSaysSo() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    CompletableFuture<Void> second;
    try (ReadingTurns.Turn _ = turns.own(waits::countDown)) {
      second = start("second", () -> turns.own(waits::countDown));
      waits.await();
      assertEquals(List.of(), order);
    }
    second.get();
    assertEquals(List.of("second"), order);
  }

  @Test
  void onePeerThatAsksForMuchDoesNotKeepTheOthers() throws Exception {
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    try (ReadingTurns.Turn _ = turns.of(greedy)) {
      for (int i = 0; i < 5; i++) {
        asked.add(start("greedy", () -> turns.of(greedy)));
      }
      awaitWaiting(5);
      asked.add(start("other", () -> turns.of(other)));
      awaitWaiting(6);
    }
    for (CompletableFuture<Void> one : asked) {
      one.get();
    }
    assertTrue(order.indexOf("other") <= 1, order::toString);
  }

  @Test
  void whoIsInterruptedLeavesHisPlace() throws Exception {
    try (ReadingTurns.Turn _ = turns.of(greedy)) {
      Thread.currentThread().interrupt();
      assertFails(TransferFailure.CANCELLED, () -> turns.of(other));
      assertTrue(Thread.interrupted());
    }
    turns.of(other).close();
    turns.of(greedy).close();
  }

  private interface Taking {
    ReadingTurns.Turn take() throws FailureException;
  }

  private final List<Thread> started = new ArrayList<>();

  private CompletableFuture<Void> start(String name, Taking taking) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    started.add(
        Thread.ofVirtual()
            .start(() -> {
              try (ReadingTurns.Turn _ = taking.take()) {
                order.add(name);
                end.complete(null);
              } catch (FailureException | RuntimeException | Error e) {
                end.completeExceptionally(e);
              }
            }));
    return end;
  }

  /** Until so many of those that were started wait for something. */
  private void awaitWaiting(int count) {
    while (started.stream().filter(ReadingTurnsTest::isWaiting).count() < count) {
      Thread.onSpinWait();
    }
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }
}
