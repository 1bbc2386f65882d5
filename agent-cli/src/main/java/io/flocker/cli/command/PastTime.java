package io.flocker.cli.command;

import io.flocker.core.config.Quantity;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.TypeConversionException;

/** A time that has been, as people say it. */
final class PastTime {
  private PastTime() {}

  /**
   * Reads how long ago it was, or when: with {@code Z} or an offset, else in {@code zone}.
   *
   * @throws TypeConversionException if it is neither
   */
  static Instant parse(String text, Instant now, ZoneId zone) {
    try {
      return now.minus(Quantity.duration(text));
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException _) {
      return at(text, zone);
    }
  }

  private static Instant at(String text, ZoneId zone) {
    String whole = text.replace(' ', 'T');
    try {
      return Instant.parse(whole);
    } catch (DateTimeParseException _) {
      return local(whole, text, zone);
    }
  }

  private static Instant local(String whole, String text, ZoneId zone) {
    try {
      boolean isDay = whole.indexOf('T') < 0;
      return LocalDateTime.parse(isDay ? whole + "T00:00" : whole).atZone(zone).toInstant();
    } catch (DateTimeParseException _) {
      throw new TypeConversionException(
          "--since is how long ago, such as 10m or 2h, or a time such as 2026-11-27T18:00 or"
              + " 2026-11-27T18:00:00Z, not '"
              + text
              + "'");
    }
  }
}
