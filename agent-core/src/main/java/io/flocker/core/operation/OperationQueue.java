package io.flocker.core.operation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Who runs and who waits: the first come is the first to run. Any thread may call; nothing blocks.
 */
final class OperationQueue {
  private final int mostRunning;
  private final int mostWaiting;
  private final Consumer<Operation> starter;
  private final SequencedMap<UUID, Operation> live = new LinkedHashMap<>();
  private final Queue<Operation> waiting = new ArrayDeque<>();
  private int taken;
  private int running;
  private boolean isClosed;

  /**
   * Nobody runs or waits yet.
   *
   * @param starter is called once for each operation that may run; does not block
   */
  OperationQueue(int mostRunning, int mostWaiting, Consumer<Operation> starter) {
    this.mostRunning = mostRunning;
    this.mostWaiting = mostWaiting;
    this.starter = starter;
  }

  /**
   * Takes a place for an operation that will be added, or given back.
   *
   * @return whether it would have to wait
   * @throws FailureException {@code SHUTTING_DOWN} or {@code TOO_MANY_REQUESTS}
   */
  synchronized boolean take() throws FailureException {
    if (isClosed) {
      throw RequestFailure.SHUTTING_DOWN.because("no operation is started any more");
    }
    if (taken >= mostRunning + mostWaiting) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          mostRunning + " operations are running and " + mostWaiting + " wait for them");
    }
    return taken++ >= mostRunning;
  }

  synchronized void giveBack() {
    taken--;
  }

  /** Adds an operation whose place was taken; it runs now or when another has ended. */
  synchronized void add(Operation operation) {
    live.putLast(operation.id(), operation);
    if (isClosed) {
      return; // It is kept, and goes on after the next start.
    }
    waiting.add(operation);
    startNext();
  }

  /** One that runs, waits, or has ended and is not kept so yet. */
  synchronized Optional<Operation> find(UUID id) {
    return Optional.ofNullable(live.get(id));
  }

  /** Takes one out that waits; tells whether it did. */
  synchronized boolean withdraw(Operation operation) {
    boolean isWithdrawn = waiting.remove(operation);
    if (isWithdrawn) {
      taken--;
    }
    return isWithdrawn;
  }

  /** An operation that ran has ended: the next one may run. */
  synchronized void leave() {
    running--;
    taken--;
    startNext();
  }

  /** Forgets one that has ended and is kept so. */
  synchronized void forget(UUID id) {
    live.remove(id);
  }

  /** Lets no other one run, and tells which ones do. */
  synchronized List<Operation> close() {
    isClosed = true;
    List<Operation> left = new ArrayList<>(live.values());
    left.removeAll(waiting);
    waiting.clear();
    return left;
  }

  /** All that {@link #find} would find. */
  synchronized Map<UUID, Operation> all() {
    return Map.copyOf(live);
  }

  private void startNext() {
    while (!isClosed && running < mostRunning && !waiting.isEmpty()) {
      running++;
      starter.accept(waiting.remove());
    }
  }
}
