package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.core.operation.OperationView;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/** What is told of an operation's progress, as text. */
final class ProgressText {
  private static final int ALL_PERCENT = 100;

  private ProgressText() {}

  /** From 0 to 1; empty where the whole is not known. An estimate may be exceeded. */
  static OptionalDouble fraction(OperationView operation) {
    long total = operation.totalBytes().orElse(0);
    return total > 0
        ? OptionalDouble.of(Math.min(1.0, (double) operation.bytes() / total))
        : OptionalDouble.empty();
  }

  static String figures(OperationView operation) {
    StringBuilder figures = new StringBuilder();
    fraction(operation)
        .ifPresent(part ->
            figures.append(String.format(Locale.ROOT, "%3d%%  ", (int) (part * ALL_PERCENT))));
    figures.append(Amounts.bytes(operation.bytes()));
    operation.totalBytes().ifPresent(total -> figures.append(" of ").append(Amounts.bytes(total)));
    figures.append("  ").append(Amounts.rate(operation.bytesPerSecond()));
    operation
        .etaSeconds()
        .ifPresent(eta -> figures.append("  ETA ").append(Amounts.time(Duration.ofSeconds(eta))));
    return figures.toString();
  }
}
