package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.core.operation.OperationView;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** An operation that has ended, in one line. */
final class Summary {
  private static final double MILLIS = 1_000;

  private Summary() {}

  /** How long it took, or has taken until {@code now}. */
  static Duration elapsed(OperationView operation, Instant now) {
    return Duration.between(operation.started(), operation.finished().orElse(now));
  }

  static String of(OperationView operation, Instant now) {
    Duration took = elapsed(operation, now);
    double seconds = Math.max(took.toMillis(), 1) / MILLIS;
    return String.format(
        Locale.ROOT,
        "%s %s: %s in %.1f s, %s",
        operation.kind(),
        operation.state(),
        Amounts.bytes(operation.bytes()),
        seconds,
        Amounts.rate(Math.round(operation.bytes() / seconds)));
  }
}
