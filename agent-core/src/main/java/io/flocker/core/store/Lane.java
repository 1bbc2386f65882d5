package io.flocker.core.store;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection and the one platform thread that uses it. What waits is done together, in one
 * transaction: a sync of the disk costs more than all that is written before it. Any thread may
 * call.
 */
final class Lane implements AutoCloseable {
  private static final int MOST_WAITING = 4_096;

  /** So many that the disk is the bound, so few that the first one does not wait for the last. */
  private static final int MOST_TOGETHER = 256;

  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Connection connection;
  private final Statements statements;
  private final Duration deadline;
  private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean isClosed;

  /** The thread's own: whether the transaction holds nothing of what has failed. */
  private boolean isClean = true;

  /**
   * Starts the thread.
   *
   * @param connection with automatic commits off; closed by the lane
   * @param deadline how long a caller waits
   */
  Lane(String name, Connection connection, Duration deadline) {
    this.connection = connection;
    this.statements = new Statements(connection);
    this.deadline = deadline;
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::serve);
  }

  /**
   * Has {@code work} done and committed.
   *
   * @throws FailureException {@code STATE_UNAVAILABLE}; the detail says whether it may yet be done
   */
  <T extends @Nullable Object> T call(Work<T> work) throws FailureException {
    return call(work, deadline);
  }

  /** The same for a caller who waits for another while, {@code patience}. */
  <T extends @Nullable Object> T call(Work<T> work, Duration patience) throws FailureException {
    Task<T> task = new Task<>(work);
    if (isClosed || !queue.offer(task)) {
      throw unavailable(isClosed ? "it is closed" : MOST_WAITING + " others wait for it", null);
    }
    boolean isInterrupted = false;
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        try {
          return task.outcome().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
          isInterrupted = true;
        } catch (TimeoutException _) {
          throw unavailable(
              "it did not answer within "
                  + patience.toSeconds()
                  + " s"
                  + (task.take() ? "; nothing was done" : "; what was asked may be done later"),
              null);
        } catch (ExecutionException e) {
          throw unavailable(reason(e.getCause()), e.getCause());
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Does what waits already, then closes the connection; waits for that, bounded. Idempotent. */
  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    try {
      var _ = thread.join(CLOSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    List<Task<?>> together = new ArrayList<>();
    while (await(together)) {
      together.removeIf(task -> !task.take());
      commit(together);
      together.clear();
    }
    queue.drainTo(together);
    together.forEach(task -> task.fail(new SQLException("it is closed")));
    try {
      connection.close();
    } catch (SQLException _) {
      // The next start recovers from the log, which holds all that was committed.
    }
  }

  /** Waits for work; false once there is none and there will be none. */
  private boolean await(List<Task<?>> together) {
    try {
      if (!isClosed) {
        together.add(queue.take());
      }
    } catch (InterruptedException _) {
      // Closed.
    }
    queue.drainTo(together, MOST_TOGETHER - together.size());
    return !together.isEmpty() || !isClosed;
  }

  private void commit(List<Task<?>> together) {
    try {
      if (!isClean) {
        beginAnew();
      }
      for (Task<?> task : together) {
        task.run(statements);
      }
      connection.commit();
      together.forEach(Task::succeed);
    } catch (Throwable e) {
      // An Error too: whoever waits has to be told.
      rollBack(e);
      if (together.size() == 1) {
        together.getFirst().fail(e);
      } else {
        together.forEach(task -> commit(List.of(task)));
      }
    }
  }

  private void rollBack(Throwable cause) {
    isClean = false;
    try {
      beginAnew();
    } catch (SQLException e) {
      cause.addSuppressed(e); // Tried again before the next work.
    }
  }

  /**
   * Ends the transaction and begins another. Where SQLite has ended it by itself, as on a full
   * disk, there is nothing to roll back, and the driver would begin no other one.
   */
  private void beginAnew() throws SQLException {
    statements.forget();
    try {
      connection.rollback();
    } catch (SQLException e) {
      try (Statement begin = connection.createStatement()) {
        var _ = begin.execute("BEGIN");
      } catch (SQLException stillBegun) {
        stillBegun.addSuppressed(e);
        throw stillBegun;
      }
    }
    isClean = true;
  }

  private static String reason(@Nullable Throwable cause) {
    return cause instanceof SQLException known && known.getMessage() != null
        ? known.getMessage()
        : "in a way that the node's log tells of";
  }

  private static FailureException unavailable(String why, @Nullable Throwable cause) {
    FailureException failure =
        RequestFailure.STATE_UNAVAILABLE.because("the node's database failed: " + why);
    return cause == null ? failure : failure.causedBy(cause);
  }
}
