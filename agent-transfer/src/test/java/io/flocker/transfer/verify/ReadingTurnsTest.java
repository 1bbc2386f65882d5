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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadingTurnsTest {
  private final ReadingTurns turns = new ReadingTurns();
  private final NodeId greedy = NodeId.random();
  private final NodeId other = NodeId.random();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  private final ReadingTurns.TurnListener listener =
      new ReadingTurns.TurnListener() {
        @Override
        public void waits() {
          boolean _ = order.add("waits");
        }

        @Override
        public void begins() {
          boolean _ = order.add("begins");
        }
      };

  @Test
  void whatPeersAskForKeepsNothingOfThisNodesOwnWaiting() throws Exception {
    try (ReadingTurns.Turn _ = turns.of(greedy);
        ReadingTurns.Turn _ = turns.asked();
        ReadingTurns.Turn _ = turns.own(listener)) {
      assertEquals(List.of("begins"), order);
    }
  }

  @Test
  void whoWaitsForAnotherOfThisNodesOwnSaysSo() throws Exception {
    CompletableFuture<Void> second;
    try (ReadingTurns.Turn _ = turns.own(listener)) {
      second = start("second", () -> turns.own(listener));
      awaitWaiting();
    }
    second.get();
    assertEquals(List.of("begins", "waits", "begins", "second"), order);
  }

  @Test
  void onePeerThatAsksForMuchDoesNotKeepTheOthers() throws Exception {
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    try (ReadingTurns.Turn _ = turns.of(greedy);
        ReadingTurns.Turn _ = turns.asked()) {
      for (int i = 0; i < 5; i++) {
        asked.add(start("greedy", () -> of(greedy)));
      }
      awaitWaiting();
      asked.add(start("other", () -> of(other)));
      awaitWaiting();
    }
    for (CompletableFuture<Void> one : asked) {
      one.get();
    }
    assertTrue(order.indexOf("other") <= 1, order::toString);
  }

  /** Both turns of a peer's request. */
  private ReadingTurns.Turn of(NodeId peer) throws FailureException {
    ReadingTurns.Turn place = turns.of(peer);
    ReadingTurns.Turn asked = turns.asked();
    return () -> {
      asked.close();
      place.close();
    };
  }

  @Test
  void whoIsInterruptedLeavesHisPlace() throws Exception {
    try (ReadingTurns.Turn _ = turns.asked()) {
      Thread.currentThread().interrupt();
      assertFails(TransferFailure.CANCELLED, turns::asked);
      assertTrue(Thread.interrupted());
    }
    turns.asked().close();
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

  /** Until each that was started waits for something, or has ended. */
  private void awaitWaiting() {
    for (Thread thread : started) {
      while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }
  }
}
