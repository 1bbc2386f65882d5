package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The child of one stream, to ask afterwards why it failed. Written on one thread, read on another.
 */
final class RememberedChild {
  private volatile @Nullable Child child;

  Child keep(Child started) {
    child = started;
    return started;
  }

  /** How it ended; empty while it runs, or where none was started. */
  Optional<Exit> ended() {
    return Optional.ofNullable(child)
        .map(started -> started.exit().toCompletableFuture())
        .filter(exit -> exit.isDone())
        .map(exit -> exit.join());
  }

  /** Why it failed; only for a child that has ended. */
  FailureException explain(Storage storage, String dataset) {
    Child started = child;
    if (started == null) {
      throw new IllegalStateException("no child was started");
    }
    return storage.explain(dataset, started, ended().orElseThrow().code());
  }
}
