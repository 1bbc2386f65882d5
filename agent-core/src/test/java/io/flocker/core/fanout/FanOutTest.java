package io.flocker.core.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.stream.Child;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FanOutTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final NodeId first = NodeId.random();
  private final NodeId second = NodeId.random();
  private final AtomicInteger started = new AtomicInteger();
  private final List<Child> children = new ArrayList<>();

  @AfterEach
  void close() {
    children.forEach(Child::close);
  }

  @Test
  void whoNeedsTheSameSharesOneChild() throws Exception {
    FanOut fanOut = new FanOut(List.of(first, second), LONG);
    CompletableFuture<Child> one = start(fanOut, first, "a to b");
    CompletableFuture<Child> other = start(fanOut, second, "a to b");

    assertNotSame(one.get(), other.get());
    assertEquals(1, started.get());
  }

  @Test
  void theNextStepIsSharedToo() throws Exception {
    FanOut fanOut = new FanOut(List.of(first, second), LONG);
    fanOut.needs(first, List.of("a to b", "b to c"));
    fanOut.needs(second, List.of("a to b", "b to c"));
    for (String step : List.of("a to b", "b to c")) {
      CompletableFuture<Child> one = begin(fanOut, first, step);
      CompletableFuture<Child> other = begin(fanOut, second, step);
      assertNotSame(one.get(), other.get());
    }

    assertEquals(2, started.get());
  }

  @Test
  void nobodyWaitsForWhoNeedsSomethingElse() throws Exception {
    FanOut fanOut = new FanOut(List.of(first, second), LONG);
    fanOut.needs(second, List.of("all"));

    assertSame(PipedChild.class, start(fanOut, first, "a to b").get().getClass());
    assertSame(PipedChild.class, start(fanOut, second, "all").get().getClass());
    assertEquals(2, started.get());
  }

  @Test
  void nobodyWaitsForWhoHasLeft() throws Exception {
    FanOut fanOut = new FanOut(List.of(first, second), LONG);
    CompletableFuture<Child> one = start(fanOut, first, "a to b");

    fanOut.leave(second);

    assertSame(PipedChild.class, one.get().getClass());
  }

  @Test
  void nobodyWaitsForLongForWhoDoesNotCome() throws Exception {
    FanOut fanOut = new FanOut(List.of(first, second), Duration.ofMillis(50));

    assertSame(PipedChild.class, start(fanOut, first, "a to b").get().getClass());
    assertSame(PipedChild.class, start(fanOut, second, "a to b").get().getClass());
    assertEquals(2, started.get());
  }

  @Test
  void whatCannotBeStartedIsToldToAll() throws Exception {
    FanOut fanOut = new FanOut(List.of(first, second), LONG);
    List<CompletableFuture<Child>> both = new ArrayList<>();
    for (NodeId peer : List.of(first, second)) {
      fanOut.needs(peer, List.of("a to b"));
      both.add(
          begin(
              fanOut,
              peer,
              "a to b",
              () -> {
                throw StorageFailure.ZFS_UNAVAILABLE.because("it is gone");
              }));
    }

    for (CompletableFuture<Child> one : both) {
      ExecutionException why = Assertions.assertThrows(ExecutionException.class, one::get);
      FailureException cause = Assertions.assertInstanceOf(FailureException.class, why.getCause());
      assertEquals(StorageFailure.ZFS_UNAVAILABLE, cause.failure());
    }
  }

  @Test
  void othersAreHeldUpForAQuarterOfWhatTheyMayBeBehind() {
    assertEquals(Duration.ofSeconds(15), FanOut.patience(Duration.ofMinutes(1)));
    assertEquals(Duration.ofSeconds(30), FanOut.patience(Duration.ofHours(1)));
  }

  private CompletableFuture<Child> start(FanOut fanOut, NodeId peer, String stream) {
    fanOut.needs(peer, List.of(stream));
    return begin(fanOut, peer, stream);
  }

  private CompletableFuture<Child> begin(FanOut fanOut, NodeId peer, String stream) {
    return begin(
        fanOut,
        peer,
        stream,
        () -> {
          started.incrementAndGet();
          try {
            return new PipedChild();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private CompletableFuture<Child> begin(
      FanOut fanOut, NodeId peer, String stream, FanOut.Source source) {
    CompletableFuture<Child> child = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Child mine = fanOut.start(peer, stream, 1 << 16, source, _ -> {});
                synchronized (children) {
                  children.add(mine);
                }
                child.complete(mine);
              } catch (FailureException | RuntimeException e) {
                child.completeExceptionally(e);
              }
            });
    return child.orTimeout(50, TimeUnit.SECONDS);
  }
}
