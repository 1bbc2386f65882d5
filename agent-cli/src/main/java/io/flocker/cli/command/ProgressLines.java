package io.flocker.cli.command;

import io.flocker.cli.console.PlainText;
import io.flocker.cli.console.ProgressText;
import io.flocker.core.operation.OperationView;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A line now and then, for a log file or a pipe. */
final class ProgressLines implements Progress {
  private static final Duration PACE = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final InstantSource clock;
  private Instant next = Instant.MIN;
  private boolean closed;

  ProgressLines(PrintWriter out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public synchronized void show(OperationView operation) {
    Instant now = clock.instant();
    if (closed || now.isBefore(next)) {
      return;
    }
    next = now.plus(PACE);
    out.println(PlainText.of(operation.phase()) + "  " + ProgressText.figures(operation));
    out.flush();
  }

  @Override
  public Duration pace() {
    return PACE;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
