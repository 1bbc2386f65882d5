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
    CommandEnvironment environment = session.environment();
    if (session.isDocument()) {
      return new NoProgress();
    }
    return environment.terminal().interactive()
        ? new ProgressBar(environment.terminal(), environment.out())
        : new ProgressLines(environment.out(), InstantSource.system());
  }
}
