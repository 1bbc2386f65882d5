package io.flocker.core.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Work that somebody waits for. Its result belongs to the database's thread until it is told. */
final class Task<T extends @Nullable Object> {
  private final Work<T> work;
  private final CompletableFuture<T> outcome = new CompletableFuture<>();
  private final AtomicBoolean isTaken = new AtomicBoolean();
  private @Nullable T result;

  Task(Work<T> work) {
    this.work = work;
  }

  /** Decides once between the thread that would do it and the one that waits no longer. */
  boolean take() {
    return isTaken.compareAndSet(false, true);
  }

  /** Completes when the outcome is on disk. */
  CompletableFuture<T> outcome() {
    return outcome;
  }

  void run(Statements statements) throws SQLException {
    result = work.run(statements);
  }

  void succeed() {
    outcome.complete(result);
  }

  void fail(Throwable cause) {
    outcome.completeExceptionally(cause);
  }
}
