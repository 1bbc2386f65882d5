package io.flocker.cli.console;

import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Verified;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a copy stands, in words. */
public final class CopyWords {
  private CopyWords() {}

  /** How far behind, and by how much where that is known. */
  public static String behind(CopyStatus copy) {
    String bytes =
        copy.lagBytes().isPresent() && copy.lagBytes().getAsLong() > 0
            ? ", " + Amounts.bytes(copy.lagBytes().getAsLong())
            : "";
    return Amounts.seconds(copy.lagSeconds()) + bytes;
  }

  /** What it waits for, what has failed, what differs, and what to do. */
  public static String why(CopyStatus copy) {
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

  /** What a problem document says, and what to do about it. */
  public static String words(Map<String, Object> problem) {
    return Sentences.join(
        String.valueOf(problem.getOrDefault("detail", problem.get("title"))),
        String.valueOf(problem.getOrDefault("remedy", "")));
  }
}
