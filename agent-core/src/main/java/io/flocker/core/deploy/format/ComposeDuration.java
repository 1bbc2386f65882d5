package io.flocker.core.deploy.format;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Compose has them, such as {@code 1m30s}. */
final class ComposeDuration {
  private static final Pattern WHOLE =
      Pattern.compile("(?:[0-9]{1,9}(?:\\.[0-9]{1,9})?(?:us|ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("([0-9.]+)(us|ms|s|m|h)");
  private static final int LONGEST = 64;
  private static final Map<String, Duration> UNITS =
      Map.of(
          "us", Duration.ofNanos(1_000),
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));

  private static final Duration MOST = Duration.ofDays(365);

  private ComposeDuration() {}

  /**
   * A duration of at most a year.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Duration parse(String text) {
    if (text.length() > LONGEST || !WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a duration has its units (us, ms, s, m, h), such as 1m30s, not '" + text + "'");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      long unit = UNITS.getOrDefault(parts.group(2), Duration.ZERO).toNanos();
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)));
    }
    if (nanos.compareTo(BigDecimal.valueOf(MOST.toNanos())) > 0) {
      throw new IllegalArgumentException("a duration is a year at most, not '" + text + "'");
    }
    return Duration.ofNanos(nanos.longValue());
  }
}
