package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.http.client.OperationReport;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/** What is told of an operation's progress, as text. */
final class ProgressText {
  private static final int ALL_PERCENT = 100;

  private ProgressText() {}

  static String phase(OperationReport operation) {
    return operation.phase();
  }

  /** From 0 to 1; empty where the whole is not known. An estimate may be exceeded. */
  static OptionalDouble fraction(OperationReport operation) {
    Long total = operation.totalBytes();
    return total == null || total <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.min(1.0, (double) operation.bytes() / total));
  }

  static String figures(OperationReport operation) {
    StringBuilder figures = new StringBuilder();
    fraction(operation)
        .ifPresent(part ->
            figures.append(String.format(Locale.ROOT, "%3d%%  ", (int) (part * ALL_PERCENT))));
    figures.append(Amounts.bytes(operation.bytes()));
    Long total = operation.totalBytes();
    if (total != null) {
      figures.append(" of ").append(Amounts.bytes(total));
    }
    figures.append("  ").append(Amounts.rate(operation.bytesPerSecond()));
    Long eta = operation.etaSeconds();
    if (eta != null) {
      figures.append("  ETA ").append(Amounts.time(Duration.ofSeconds(eta)));
    }
    return figures.toString();
  }
}
