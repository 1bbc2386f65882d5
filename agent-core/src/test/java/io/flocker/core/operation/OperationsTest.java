package io.flocker.core.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredOperations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class OperationsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Principal STARTER = new Principal.User("alice");
  private static final NodeId NODE = NodeId.random();
  private static final OperationReader ALICE = OperationReader.ofOwn(STARTER);
  private static final OperationReader BOB = OperationReader.ofOwn(new Principal.User("bob"));
  private static final VolumeId VOLUME = VolumeId.random();
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final OperationObserver observer =
      (_, _, operation) -> seen.add(operation.state() + " " + operation.phase());
  private final CountDownLatch gate = new CountDownLatch(1);
  @TempDir private Path folder;
  private volatile Instant now = NOW;
  private OperationKinds kinds = new OperationKinds();
  private Database database;
  private Operations operations;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(folder);
    operations = operations(PATIENCE);
  }

  @AfterEach
  void close() throws Exception {
    gate.countDown();
    operations.close();
    database.close();
  }

  @Test
  void anOperationEndsWithItsResult() throws Exception {
    OperationView begun = start(_ -> Map.of("bytes", 7));
    assertEquals("push", begun.kind());
    assertEquals(Optional.of(VOLUME), begun.volume());
    OperationView ended = ended(begun);
    assertEquals(OperationState.SUCCEEDED, ended.state());
    assertEquals(Optional.of(Map.of("bytes", 7)), ended.result());
    assertEquals(Optional.of(NOW), ended.finished());
    assertEquals(Optional.empty(), ended.problem());
  }

  @Test
  void itTellsWhereItIs() throws Exception {
    CountDownLatch reported = new CountDownLatch(1);
    OperationView begun =
        start(context -> {
          context.phase("sending");
          context.progress(512, 1_024);
          reported.countDown();
          gate.await();
          return Map.of();
        });
    reported.await();
    OperationView now = operations.find(begun.id(), ALICE).orElseThrow();
    assertEquals(OperationState.RUNNING, now.state());
    assertEquals("sending", now.phase());
    assertEquals(512, now.bytes());
    assertEquals(OptionalLong.of(1_024), now.totalBytes());
  }

  @Test
  void aFailureIsTheProblem() throws Exception {
    OperationView ended =
        ended(
            start(_ -> {
              throw TransferFailure.PEER_SILENT.because("node b fell silent");
            }));
    assertEquals(OperationState.FAILED, ended.state());
    assertEquals(TransferFailure.PEER_SILENT.type(), problem(ended).get("type"));
    assertEquals(NODE, problem(ended).get("node"));
    assertEquals("node b fell silent", problem(ended).get("detail"));
  }

  @Test
  void whatNobodyForesawIsAnIncident() throws Exception {
    OperationView ended =
        ended(
            start(_ -> {
              throw new AssertionError("secret");
            }));
    assertEquals(OperationState.FAILED, ended.state());
    assertEquals(RequestFailure.INTERNAL_ERROR.type(), problem(ended).get("type"));
    assertEquals(ended.id().toString(), String.valueOf(problem(ended).get("incident")));
    assertTrue(problem(ended).values().stream().noneMatch(value -> value.equals("secret")));
  }

  @Test
  void whatIsKnownToBeUnforeseenNamesItsIncidentToo() throws Exception {
    OperationView ended =
        ended(
            start(_ -> {
              throw RequestFailure.INTERNAL_ERROR.because("the kernel says no");
            }));
    assertEquals("the kernel says no", problem(ended).get("detail"));
    assertEquals(ended.id().toString(), String.valueOf(problem(ended).get("incident")));
  }

  @Test
  void anotherIdentitySeesNothing() throws Exception {
    OperationView begun = start(_ -> Map.of());
    ended(begun);
    assertEquals(Optional.empty(), operations.find(begun.id(), BOB));
    assertEquals(List.of(), operations.list(OperationQuery.newest(BOB, 10)));
    assertEquals(Optional.empty(), operations.await(begun.id(), BOB, PATIENCE));
    assertFails(OwnershipFailure.OPERATION_NOT_FOUND, () -> operations.cancel(begun.id(), BOB));
  }

  @Test
  void whoMayStartSuchOnesSeesAndCancelsThoseOfOthers() throws Exception {
    OperationReader pusher = new OperationReader(new Principal.ControlService(), Set.of("push"));
    CountDownLatch cancelled = new CountDownLatch(1);
    OperationView begun =
        start(context -> {
          context.onCancel(cancelled::countDown);
          cancelled.await();
          context.phase("never reached");
          return Map.of();
        });
    assertEquals(begun.id(), operations.find(begun.id(), pusher).orElseThrow().id());
    assertEquals(
        List.of(begun.id()),
        operations.list(OperationQuery.newest(pusher, 10)).stream()
            .map(OperationView::id)
            .toList());

    operations.cancel(begun.id(), pusher);

    OperationView ended = operations.await(begun.id(), pusher, PATIENCE).orElseThrow();
    assertEquals(OperationState.CANCELLED, ended.state());
  }

  @Test
  void oneNeedsNoVolume() throws Exception {
    OperationView begun =
        operations.start("converge", STARTER, Optional.empty(), Map.of(), _ -> Map.of());

    OperationView ended = ended(begun);

    assertEquals(OperationState.SUCCEEDED, ended.state());
    assertEquals(Optional.empty(), ended.volume());
  }

  @Test
  void allOfOnesOwnAreListedNewestFirst() throws Exception {
    UUID first = ended(start(_ -> Map.of())).id();
    UUID second = ended(start(_ -> Map.of())).id();
    UUID third = start(_ -> await(gate)).id();
    assertEquals(
        List.of(third, second, first),
        operations.list(OperationQuery.newest(ALICE, 10)).stream().map(OperationView::id).toList());
  }

  @Test
  void waitingEndsWithPatience() throws Exception {
    OperationView begun = start(_ -> await(gate));
    OperationView still = operations.await(begun.id(), ALICE, Duration.ofMillis(1)).orElseThrow();
    assertEquals(OperationState.RUNNING, still.state());
  }

  @Test
  void cancellingTellsTheBodyAndEndsIt() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    OperationView begun =
        start(context -> {
          CountDownLatch cancelled = new CountDownLatch(1);
          context.onCancel(cancelled::countDown);
          ready.countDown();
          cancelled.await();
          context.phase("never reached");
          return Map.of();
        });
    ready.await();
    operations.cancel(begun.id(), ALICE);
    OperationView ended = ended(begun);
    assertEquals(OperationState.CANCELLED, ended.state());
    assertEquals(TransferFailure.CANCELLED.type(), problem(ended).get("type"));
    assertFails(OwnershipFailure.OPERATION_ENDED, () -> operations.cancel(begun.id(), ALICE));
  }

  @Test
  void cancellingEndsAWaitAndLeavesTheThreadAsItWas() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    BlockingQueue<Boolean> interruptedAfterwards = new LinkedBlockingQueue<>();
    OperationView begun =
        start(context -> {
          try {
            return CancellableWait.of(
                context,
                () -> {
                  ready.countDown();
                  new CountDownLatch(1).await();
                  return Map.of();
                });
          } finally {
            interruptedAfterwards.add(Thread.currentThread().isInterrupted());
          }
        });
    ready.await();

    operations.cancel(begun.id(), ALICE);

    assertEquals(OperationState.CANCELLED, ended(begun).state());
    assertEquals(List.of(false), List.copyOf(interruptedAfterwards));
  }

  @Test
  void aHookThatComesTooLateIsCalledAtOnce() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    OperationView begun =
        start(context -> {
          gate.await();
          context.onCancel(called::countDown);
          context.pastCommit();
          return Map.of();
        });
    operations.cancel(begun.id(), ALICE);
    gate.countDown();
    called.await();
    assertEquals(OperationState.CANCELLED, ended(begun).state());
  }

  @Test
  void pastItsCommitItOnlyGoesForward() throws Exception {
    CountDownLatch committed = new CountDownLatch(1);
    OperationView begun =
        start(context -> {
          context.pastCommit();
          committed.countDown();
          return await(gate);
        });
    committed.await();
    assertFails(OwnershipFailure.PAST_COMMIT, () -> operations.cancel(begun.id(), ALICE));
    gate.countDown();
    assertEquals(OperationState.SUCCEEDED, ended(begun).state());
  }

  @Test
  void itsActionIsAChildOfTheRequests() throws Exception {
    BlockingQueue<Boolean> inside = new LinkedBlockingQueue<>();
    OperationView begun =
        start(_ -> {
          @Nullable Action current = Action.current();
          inside.add(current != null);
          return Map.of();
        });
    ended(begun);
    assertTrue(inside.take(), "the body runs in the operation's action");
  }

  @Test
  void closingEndsWhatRunsToGoOnLaterAndTakesNoMore() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    OperationView begun =
        start(context -> {
          CountDownLatch cancelled = new CountDownLatch(1);
          context.onCancel(cancelled::countDown);
          ready.countDown();
          cancelled.await();
          context.phase("never reached");
          return Map.of();
        });
    ready.await();
    operations.close();
    assertEquals(OperationState.RUNNING, operations.find(begun.id(), ALICE).orElseThrow().state());
    assertFails(RequestFailure.SHUTTING_DOWN, () -> start(_ -> Map.of()));
    operations = operations(PATIENCE);
    recover(_ -> Optional.of(_ -> Map.of("again", true)));
    assertEquals(Optional.of(Map.of("again", true)), ended(begun).result());
  }

  @Test
  void closingDoesNotWaitForEver() throws Exception {
    Operations hasty = operations(Duration.ZERO);
    OperationView begun =
        hasty.start("push", STARTER, Optional.of(VOLUME), Map.of(), _ -> await(gate));
    hasty.close();
    assertEquals(OperationState.RUNNING, hasty.find(begun.id(), ALICE).orElseThrow().state());
  }

  @Test
  void thoseThatAreOneTooManyWaitAndGoInTurn() throws Exception {
    for (int i = 0; i < Operations.MAX_RUNNING; i++) {
      start(_ -> await(gate));
    }
    BlockingQueue<Integer> order = new LinkedBlockingQueue<>();
    OperationView first = start(_ -> Map.of("number", order.add(1)));
    OperationView second = start(_ -> Map.of("number", order.add(2)));
    assertEquals(OperationState.QUEUED, operations.find(first.id(), ALICE).orElseThrow().state());
    assertEquals(OperationState.QUEUED, second.state());

    gate.countDown();

    assertEquals(OperationState.SUCCEEDED, ended(first).state());
    assertEquals(OperationState.SUCCEEDED, ended(second).state());
    assertEquals(2, order.size());
  }

  @Test
  void oneThatWaitsIsCancelledAtOnce() throws Exception {
    for (int i = 0; i < Operations.MAX_RUNNING; i++) {
      start(_ -> await(gate));
    }
    OperationView waiting = start(_ -> Map.of("never", "reached"));

    operations.cancel(waiting.id(), ALICE);

    assertEquals(
        OperationState.CANCELLED, operations.find(waiting.id(), ALICE).orElseThrow().state());
  }

  @Test
  void itsStepsAreObservedInOrder() throws Exception {
    ended(
        start(context -> {
          context.phase("sending");
          context.phase("pruning");
          return Map.of();
        }));
    assertEquals(
        List.of("running starting", "running sending", "running pruning", "succeeded pruning"),
        List.copyOf(seen));
  }

  @Test
  void whatTheEndOfTheDaemonCutShortIsFoundAgainAndGoesOn() throws Exception {
    OperationView known = start(_ -> await(gate));
    OperationView unknown =
        operations.start("strange", STARTER, Optional.of(VOLUME), Map.of(), _ -> await(gate));
    operations = operations(PATIENCE); // As if the one before had never ended.

    recover(cut -> Optional.of(_ -> Map.of("id", cut.id(), "peer", cut.input().get("peer"))));

    assertEquals(
        Optional.of(Map.of("id", known.id().toString(), "peer", "b")),
        ended(known).result().map(OperationsTest::texts));
    assertEquals(TransferFailure.INTERRUPTED.type(), problem(ended(unknown)).get("type"));
    assertEquals(
        List.of(unknown.id(), known.id()),
        operations.list(OperationQuery.newest(ALICE, 10)).stream().map(OperationView::id).toList());
  }

  @Test
  void whatMayHaveCommittedBeforeIsNotCancelledWhereItGoesOn() throws Exception {
    OperationView begun = start(_ -> await(new CountDownLatch(1)));
    operations = operations(PATIENCE);
    CountDownLatch goesOn = new CountDownLatch(1);
    recover(_ ->
        Optional.of(
            OperationBody.forward(_ -> {
              goesOn.countDown();
              return await(gate);
            })));

    assertFails(OwnershipFailure.PAST_COMMIT, () -> operations.cancel(begun.id(), ALICE));
    goesOn.await();
    assertFails(OwnershipFailure.PAST_COMMIT, () -> operations.cancel(begun.id(), ALICE));
    gate.countDown();

    assertEquals(OperationState.SUCCEEDED, ended(begun).state());
  }

  @Test
  void whatIsCutShortAgainAndAgainIsGivenUp() throws Exception {
    OperationView begun = start(_ -> await(gate));
    for (int i = 1; i < Operations.MAX_ATTEMPTS; i++) {
      CountDownLatch again = new CountDownLatch(1);
      operations = operations(PATIENCE);
      recover(_ ->
          Optional.of(_ -> {
            again.countDown();
            return await(gate);
          }));
      again.await();
    }
    operations = operations(PATIENCE);
    recover(_ -> Optional.of(_ -> Map.of()));

    assertEquals(TransferFailure.INTERRUPTED.type(), problem(ended(begun)).get("type"));
  }

  @Test
  void upkeepForgetsWhatHasEndedLongAgoAndNothingElse() throws Exception {
    OperationView ended = start(_ -> Map.of());
    assertEquals(OperationState.SUCCEEDED, ended(ended).state());
    OperationView running = start(_ -> await(gate));

    now = NOW.plus(Duration.ofDays(6));
    operations.upkeep();
    assertTrue(operations.find(ended.id(), ALICE).isPresent());
    now = NOW.plus(Duration.ofDays(8));
    operations.upkeep();

    assertEquals(Optional.empty(), operations.find(ended.id(), ALICE));
    assertEquals(
        List.of(running.id()),
        operations.list(OperationQuery.newest(ALICE, 10)).stream().map(OperationView::id).toList());
  }

  private void recover(Resumption resumption) throws FailureException {
    kinds.add(new OperationKind("push", "volume:push", resumption));
    operations.recover();
  }

  private Operations operations(Duration grace) {
    kinds = new OperationKinds();
    return new Operations(NODE, new StoredOperations(database), kinds, observer, () -> now, grace);
  }

  private static Map<String, Object> await(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return Map.of();
  }

  private static Map<String, Object> texts(Map<String, Object> members) {
    Map<String, Object> texts = new HashMap<>();
    members.forEach((name, value) -> texts.put(name, value.toString()));
    return texts;
  }

  private OperationView start(OperationBody body) throws FailureException {
    return operations.start("push", STARTER, Optional.of(VOLUME), Map.of("peer", "b"), body);
  }

  private OperationView ended(OperationView begun) throws FailureException, InterruptedException {
    return operations.await(begun.id(), ALICE, PATIENCE).orElseThrow();
  }

  private static Map<String, Object> problem(OperationView view) {
    return view.problem().orElseThrow();
  }

  private static void assertFails(Failure expected, Attempt attempt) {
    FailureException failure = assertThrows(FailureException.class, attempt::run);
    assertEquals(expected, failure.failure());
  }

  private interface Attempt {
    void run() throws FailureException;
  }
}
