package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.Table;
import io.flocker.core.replicate.CopyStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How far behind copies are, in words. */
final class CopyText {
  private static final double PRECISE_SECONDS = 100;

  private CopyText() {}

  /** A table; nothing where there are no copies. */
  static List<String> lines(List<CopyStatus> copies) {
    if (copies.isEmpty()) {
      return List.of();
    }
    Table table = new Table("COPY OF", "AT", "STATE", "BEHIND", "LAST COMPLETE", "WAITS FOR");
    for (CopyStatus copy : copies) {
      table.row(
          copy.name().toString(),
          copy.peer().toString(),
          copy.state().toString(),
          behind(copy),
          copy.last().map(last -> last.taken().toString()).orElse("never"),
          why(copy));
    }
    return table.lines();
  }

  /** How far behind, and by how much where that is known. */
  static String behind(CopyStatus copy) {
    String bytes =
        copy.lagBytes().isPresent() && copy.lagBytes().getAsLong() > 0
            ? ", " + Amounts.bytes(copy.lagBytes().getAsLong())
            : "";
    return seconds(copy.lagSeconds()) + bytes;
  }

  /** What it waits for, or what has failed and what to do. */
  static String why(CopyStatus copy) {
    String waits = copy.waitsFor().text();
    return copy.lastError()
        .map(problem ->
            "%s; %s has failed: %s %s"
                .formatted(
                    waits,
                    copy.tries() == 1 ? "one try" : copy.tries() + " tries, the last one",
                    problem.getOrDefault("detail", problem.get("title")),
                    problem.getOrDefault("remedy", "")))
        .orElse(waits);
  }

  static String seconds(double seconds) {
    return seconds < PRECISE_SECONDS
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : Amounts.time(Duration.ofSeconds((long) seconds));
  }
}
