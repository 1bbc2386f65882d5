package io.flocker.cli.command;

import io.flocker.core.operation.OperationView;
import java.time.Duration;

/** Shows nothing. */
final class NoProgress implements Progress {
  @Override
  public void show(OperationView operation) {}

  @Override
  public Duration pace() {
    return Duration.ofSeconds(30);
  }

  @Override
  public void close() {}
}
