package io.flocker.core.volume;

import static java.time.ZoneOffset.UTC;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a snapshot that flockerd took, {@code flk.<utc>.<purpose>.<8 hex>}, such as {@code
 * flk.20260102T030405Z.push.89abcdef}. Snapshots of other names are never destroyed by it.
 *
 * @param taken for people, to the second; never for ordering
 * @param purpose why it was taken
 * @param nonce makes the name unique within the second
 */
public record SnapshotName(Instant taken, SnapshotPurpose purpose, int nonce) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);
  private static final Pattern FORM =
      Pattern.compile("flk\\.([0-9]{8}T[0-9]{6}Z)\\.(push|handoff|manual)\\.([0-9a-f]{8})");

  public SnapshotName {
    taken = taken.truncatedTo(ChronoUnit.SECONDS);
  }

  /** A name that no snapshot has. */
  public static SnapshotName fresh(Instant now, SnapshotPurpose purpose) {
    return new SnapshotName(now, purpose, ThreadLocalRandom.current().nextInt());
  }

  /** A name that no snapshot has, for one that is taken now. */
  public static SnapshotName fresh(SnapshotPurpose purpose) {
    return fresh(Instant.now(), purpose);
  }

  /** Reads a snapshot's name; empty for one that is not ours. */
  public static Optional<SnapshotName> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SnapshotName(
              time(matcher.group(1)),
              SnapshotPurpose.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
              HexFormat.fromHexDigits(matcher.group(3))));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** By hand: of a hundred thousand names a formatter takes more time than all else. */
  private static Instant time(String text) {
    return LocalDateTime.of(
            number(text, 0, 4),
            number(text, 4, 6),
            number(text, 6, 8),
            number(text, 9, 11),
            number(text, 11, 13),
            number(text, 13, 15))
        .toInstant(UTC);
  }

  private static int number(String text, int begin, int end) {
    return Integer.parseInt(text, begin, end, 10);
  }

  @Override
  public String toString() {
    return String.join(
        ".",
        "flk",
        TIME.format(taken.atOffset(UTC)),
        purpose.toString(),
        HexFormat.of().toHexDigits(nonce));
  }
}
