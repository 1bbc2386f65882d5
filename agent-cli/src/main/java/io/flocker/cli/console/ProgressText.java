package io.flocker.cli.console;

import io.flocker.core.operation.OperationView;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/** What is told of an operation's progress, as text. */
public final class ProgressText {
  private static final int ALL_PERCENT = 100;
  private static final String GAP = "  ";
  private static final int PHASE_COLUMNS = 12;
  private static final int SHORTEST_BAR = 8;
  private static final int LONGEST_BAR = 40;
  private static final int BRACKETS = 2;

  private ProgressText() {}

  /**
   * Phase, bar, figures. Where {@code columns} are too few the bar goes first, then the end of the
   * figures.
   */
  public static String line(OperationView operation, int columns) {
    String phase = PlainText.of(operation.phase());
    String left = phase + " ".repeat(Math.max(0, PHASE_COLUMNS - phase.length())) + GAP;
    String figures = figures(operation);
    int room = columns - left.length() - figures.length() - GAP.length() - BRACKETS;
    OptionalDouble fraction = fraction(operation);
    String bar =
        fraction.isPresent() && room >= SHORTEST_BAR
            ? bar(fraction.getAsDouble(), Math.min(room, LONGEST_BAR)) + GAP
            : "";
    String line = left + bar + figures;
    return line.substring(0, Math.min(line.length(), Math.max(0, columns)));
  }

  private static String bar(double fraction, int columns) {
    int full = (int) Math.round(fraction * columns);
    return "[" + "#".repeat(full) + "-".repeat(columns - full) + "]";
  }

  /** From 0 to 1; empty where the whole is not known. An estimate may be exceeded. */
  private static OptionalDouble fraction(OperationView operation) {
    long total = operation.totalBytes().orElse(0);
    return total > 0
        ? OptionalDouble.of(Math.min(1.0, (double) operation.bytes() / total))
        : OptionalDouble.empty();
  }

  /** How much of how much, how fast, and for how long. */
  public static String figures(OperationView operation) {
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
