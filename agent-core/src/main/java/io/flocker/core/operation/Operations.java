package io.flocker.core.operation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The operations of this node. Any thread may call; only {@link #await} and {@link #close} block.
 * Whoever asks for an operation that somebody else started is told that there is none.
 */
public final class Operations implements AutoCloseable {
  /** More at once than a node's disks can serve. */
  public static final int MAX_RUNNING = 256;

  private final OperationStore store;
  private final InstantSource clock;
  private final Duration grace;
  private final SequencedMap<UUID, Operation> running = new LinkedHashMap<>();
  private boolean isClosed;

  /**
   * Starts with none running.
   *
   * @param grace how long {@link #close} waits for those that still run
   */
  public Operations(OperationStore store, InstantSource clock, Duration grace) {
    this.store = store;
    this.clock = clock;
    this.grace = grace;
  }

  /**
   * Starts an operation: on a thread of its own, within a child of the current Eliot action.
   *
   * @throws FailureException {@code SHUTTING_DOWN} or {@code TOO_MANY_REQUESTS}
   */
  public OperationView start(String kind, Principal owner, VolumeId volume, OperationBody body)
      throws FailureException {
    Operation operation = new Operation(kind, owner, volume, clock.instant());
    Action action =
        Action.start(
            ActionType.OPERATION,
            Map.of(
                "operation", operation.id().toString(),
                "kind", kind,
                "volume", volume.toString(),
                "owner", owner.name()));
    try {
      register(operation);
    } catch (FailureException e) {
      action.fail(e);
      throw e;
    }
    var _ =
        Thread.ofVirtual()
            .name(kind + "-" + operation.id())
            .start(() -> run(operation, action, body));
    return operation.view();
  }

  /** The operation, as it is now. */
  public Optional<OperationView> find(UUID id, Principal asker) {
    Optional<OperationView> live = live(id, asker).map(Operation::view);
    return live.isPresent() ? live : ended(id, asker);
  }

  /** All of the asker's operations that are remembered, the newest first. */
  public List<OperationView> list(Principal asker) {
    List<Operation> live;
    List<OperationStore.Ended> ended;
    synchronized (this) {
      live = List.copyOf(running.sequencedValues().reversed());
      ended = store.newestFirst();
    }
    return Stream.concat(
            live.stream().filter(operation -> operation.owner().equals(asker)).map(Operation::view),
            ended.stream()
                .filter(operation -> operation.owner().equals(asker))
                .map(OperationStore.Ended::view))
        .toList();
  }

  /** Waits until the operation has ended, at most so long; then tells how it is. */
  public Optional<OperationView> await(UUID id, Principal asker, Duration patience)
      throws InterruptedException {
    Optional<Operation> live = live(id, asker);
    if (live.isPresent()) {
      var _ = live.get().end().await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
    return find(id, asker);
  }

  /**
   * Asks an operation to end; one that has ended stays as it is.
   *
   * @throws FailureException {@code PAST_COMMIT} or {@code OPERATION_NOT_FOUND}
   */
  public void cancel(UUID id, Principal asker) throws FailureException {
    Optional<Operation> live = live(id, asker);
    if (live.isPresent()) {
      live.get().cancel();
    } else if (ended(id, asker).isEmpty()) {
      throw OwnershipFailure.OPERATION_NOT_FOUND.because("there is no operation " + id);
    }
  }

  /**
   * Takes no more operations, cancels those that may be, and waits for all of them, bounded. Those
   * past their commit are not cancelled, only waited for. Idempotent.
   */
  @Override
  public void close() {
    List<Operation> left;
    synchronized (this) {
      isClosed = true;
      left = new ArrayList<>(running.values());
    }
    left.forEach(Operations::tryCancel);
    long deadline = System.nanoTime() + grace.toNanos();
    try {
      for (Operation operation : left) {
        var _ = operation.end().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void register(Operation operation) throws FailureException {
    if (isClosed) {
      throw RequestFailure.SHUTTING_DOWN.because("no operation is started any more");
    }
    if (running.size() >= MAX_RUNNING) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          MAX_RUNNING + " operations are running; no more are started");
    }
    running.putLast(operation.id(), operation);
  }

  private void run(Operation operation, Action action, OperationBody body) {
    try {
      Map<String, Object> result = action.call(() -> body.run(operation));
      operation.succeed(result, clock.instant());
    } catch (Throwable e) {
      // An Error too: whoever waits has to be told. The failed action has logged it.
      operation.fail(e, clock.instant());
    } finally {
      retire(operation);
    }
  }

  private void retire(Operation operation) {
    synchronized (this) {
      running.remove(operation.id());
      store.add(new OperationStore.Ended(operation.owner(), operation.view()));
    }
    operation.end().countDown();
  }

  private static void tryCancel(Operation operation) {
    try {
      operation.cancel();
    } catch (FailureException _) {
      // Past its commit: it is waited for.
    }
  }

  private synchronized Optional<Operation> live(UUID id, Principal asker) {
    return Optional.ofNullable(running.get(id))
        .filter(operation -> operation.owner().equals(asker));
  }

  private Optional<OperationView> ended(UUID id, Principal asker) {
    return store
        .find(id)
        .filter(operation -> operation.owner().equals(asker))
        .map(OperationStore.Ended::view);
  }
}
