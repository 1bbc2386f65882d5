package io.flocker.core.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A number with its unit, as the configuration file has them: {@code 5s}, {@code 64KiB}. */
public final class Quantity {
  private static final long KIBI = 1L << 10;
  private static final long MEBI = 1L << 20;
  private static final long GIBI = 1L << 30;
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15})([a-zA-Z]*)");
  private static final Pattern SIZE =
      Pattern.compile(
          "(?<number>[0-9]{1,15}(?:[.][0-9]{1,9})?)(?:(?<unit>[KMGT])(?:iB)?|B)",
          Pattern.CASE_INSENSITIVE);

  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));
  private static final String UNITS = "KMGT";

  private Quantity() {}

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException if it has no unit, or another one than ms, s, m, h
   */
  public static Duration duration(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || !TIMES.containsKey(matcher.group(2))) {
      throw new IllegalArgumentException(
          "is a duration with its unit (ms, s, m, h), for example 5s, not '" + text + "'");
    }
    return TIMES.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
  }

  /**
   * Parses a size, in bytes, rounded up to whole ones: {@code 10G}, {@code 1.5GiB}, {@code 2TiB}.
   * 1024 of one unit are one of the next.
   *
   * @throws IllegalArgumentException if it has no unit, or another one than B, K, M, G, T, KiB,
   *     MiB, GiB, TiB, such as MB, of which nobody knows whether it counts in thousands
   */
  public static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "is a size with its unit (B, KiB, MiB, GiB, TiB), for example 1MiB, 10G or 1.5GiB, not '"
              + text
              + "'");
    }
    String unit = matcher.group("unit");
    int steps = unit == null ? 0 : 1 + UNITS.indexOf(unit.toUpperCase(Locale.ROOT));
    try {
      return new BigDecimal(matcher.group("number"))
          .multiply(BigDecimal.valueOf(KIBI).pow(steps))
          .setScale(0, RoundingMode.CEILING)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("is too large: '" + text + "'", e);
    }
  }

  /** {@code duration} as the file would have it. */
  public static String text(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  /** A setting of any kind as the file would have it; empty where there is none. */
  static String shown(@Nullable Object setting) {
    return switch (setting) {
      case null -> "";
      case Duration duration -> text(duration);
      case Long bytes -> text(bytes);
      case OptionalLong bytes -> bytes.isPresent() ? text(bytes.getAsLong()) : "";
      case List<?> texts -> texts.stream().map(Quantity::quoted).toList().toString();
      default -> setting.toString();
    };
  }

  /** YAML 1.2, section 7.3.2: else {@code ['a, b']} and {@code [a, b]} would look the same. */
  private static String quoted(Object text) {
    return "'" + text.toString().replace("'", "''") + "'";
  }

  /** {@code bytes} as the file would have it. */
  static String text(long bytes) {
    if (bytes > 0 && bytes % GIBI == 0) {
      return bytes / GIBI + "GiB";
    }
    if (bytes > 0 && bytes % MEBI == 0) {
      return bytes / MEBI + "MiB";
    }
    return bytes % KIBI == 0 ? bytes / KIBI + "KiB" : bytes + "B";
  }
}
