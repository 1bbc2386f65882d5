package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.Sentences;
import io.flocker.cli.console.Table;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Verified;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How far behind copies are, in words. */
final class CopyText {
  private static final double PRECISE_SECONDS = 100;

  private CopyText() {}

  /** A table; nothing where there are no copies. */
  static List<String> lines(List<CopyStatus> copies, PeerNames names) {
    if (copies.isEmpty()) {
      return List.of();
    }
    Table table =
        new Table("COPY OF", "AT", "STATE", "BEHIND", "LAST COMPLETE", "VERIFIED", "WAITS FOR");
    for (CopyStatus copy : copies) {
      table.row(
          copy.name().toString(),
          names.brief(copy.peer()),
          copy.state().toString(),
          behind(copy),
          copy.last().map(last -> last.taken().toString()).orElse("never"),
          verified(copy),
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

  /** When it was last compared with what its owner has. */
  private static String verified(CopyStatus copy) {
    return copy.verification()
        .flatMap(CopyStatus.Verification::last)
        .map(last -> last.at().toString())
        .orElse("never");
  }

  /** What it waits for, what has failed, what differs, and what to do. */
  static String why(CopyStatus copy) {
    List<String> parts = new ArrayList<>();
    parts.add(copy.waitsFor().text());
    copy.lastError()
        .ifPresent(problem ->
            parts.add(
                "%s has failed: %s"
                    .formatted(
                        copy.tries() == 1 ? "one try" : copy.tries() + " tries, the last one",
                        words(problem))));
    copy.verification()
        .flatMap(CopyStatus.Verification::last)
        .flatMap(Verified::drift)
        .ifPresent(problem -> parts.add(words(problem)));
    copy.verification()
        .flatMap(CopyStatus.Verification::lastError)
        .ifPresent(problem -> parts.add("it could not be verified: " + words(problem)));
    return String.join("; ", parts);
  }

  private static String words(Map<String, Object> problem) {
    return Sentences.join(
        String.valueOf(problem.getOrDefault("detail", problem.get("title"))),
        String.valueOf(problem.getOrDefault("remedy", "")));
  }

  static String seconds(double seconds) {
    return seconds < PRECISE_SECONDS
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : Amounts.time(Duration.ofSeconds((long) seconds));
  }
}
