package io.flocker.core.store;

import io.flocker.core.log.Action;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Brings what is in the log into the file, on a connection and a platform thread of its own: left
 * to SQLite, one of so many commits would wait for it, and so would all who wait for that commit
 * (sqlite.org/wal.html, "Application-Initiated Checkpoints"). Any thread may call.
 */
final class Checkpoints implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(250);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Connection connection;
  private final Semaphore due = new Semaphore(0);
  private final Thread thread;
  private volatile boolean isClosed;

  /**
   * Starts the thread.
   *
   * @param connection closed with this
   */
  Checkpoints(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    this.connection = connection;
    this.thread = Thread.ofPlatform().daemon().name("store-checkpoints").start(this::serve);
  }

  /** Says that something was committed. Never waits. */
  void commit() {
    if (due.availablePermits() == 0) {
      due.release();
    }
  }

  /** Leaves the rest to whoever closes the last connection, which is SQLite's way. Idempotent. */
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
    while (!isClosed) {
      try (Statement statement = connection.createStatement()) {
        due.acquire();
        Thread.sleep(PACE); // More will have been committed: one sync is for all of it.
        int _ = due.drainPermits();
        var _ = statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
      } catch (InterruptedException _) {
        // Closed.
      } catch (SQLException e) {
        Action.traceback(e); // All is in the log, and the next one takes it along.
      }
    }
    try {
      connection.close();
    } catch (SQLException _) {
      // Nothing of it is missing from the log.
    }
  }
}
