package io.flocker.cli.command;

import io.flocker.core.operation.OperationView;
import java.time.Duration;
import java.time.InstantSource;

/** Shows how far an operation is. Any thread; nothing is shown once it is closed. */
interface Progress extends AutoCloseable {
  /** Shows what may have changed. */
  void show(OperationView operation);

  /** How long the node may keep news of the operation back. */
  Duration pace();

  /** Leaves the line to whoever prints next. Idempotent. */
  @Override
  void close();

  /** A bar for a person, lines for a file, nothing beside a JSON document. */
  static Progress in(Session session) {
    CommandEnvironment surroundings = session.surroundings();
    if (session.json()) {
      return new NoProgress();
    }
    return surroundings.terminal().interactive()
        ? new ProgressBar(surroundings.terminal(), surroundings.out())
        : new ProgressLines(surroundings.out(), InstantSource.system());
  }
}
