package io.flocker.core.store;

import io.flocker.core.log.Action;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings what is in the log into the file, on a connection and a platform thread of its own: left
 * to SQLite, one of so many commits would wait for it, and so would all who wait for that commit
 * (sqlite.org/wal.html, "Application-Initiated Checkpoints"). Any thread may call.
 */
final class Checkpoints implements AutoCloseable {
  /** Long enough that one sync is for many commits. */
  private static final Duration PACE = Duration.ofMillis(250);

  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Connection connection;
  private final AtomicBoolean isDue = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().daemon().name("store-checkpoints").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * Takes over a connection.
   *
   * @param connection closed with this
   */
  Checkpoints(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    this.connection = connection;
  }

  /** Sees to it that what is committed comes into the file soon. Never waits. */
  void plan() {
    if (isDue.compareAndSet(false, true)) {
      var _ = thread.schedule(this::checkpoint, PACE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Closes the connection; with the last one SQLite brings the rest into the file. Idempotent. */
  @Override
  public void close() {
    var _ = thread.shutdownNow();
    try {
      var _ = thread.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try {
      connection.close();
    } catch (SQLException e) {
      Action.traceback(e); // Nothing of it is missing from the log.
    }
  }

  private void checkpoint() {
    isDue.set(false);
    try (Statement statement = connection.createStatement()) {
      var _ = statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (SQLException e) {
      Action.traceback(e); // All is in the log, and the next one takes it along.
    }
  }
}
