package io.flocker.core.deploy.format;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes, as files have them: 1024 of one unit are one of the next. */
public final class Sizes {
  /** Enough for every size that there is, and short enough to be calculated with. */
  private static final String NUMBER = "([0-9]{1,19}(?:\\.[0-9]{1,19})?)";

  private static final Pattern FLOCKER = Pattern.compile(NUMBER + "([kmgtKMGT]?)");
  private static final Pattern COMPOSE = Pattern.compile(NUMBER + " ?(?:([kmgt])i?)?b?");
  private static final String UNITS = "kmgt";
  private static final int BITS_A_UNIT = 10;

  private Sizes() {}

  /**
   * A size as Flocker has it, such as {@code 2.5G}, rounded up to whole bytes.
   *
   * @throws IllegalArgumentException if it is none, or none of at least 1 byte
   */
  static long flocker(String text) {
    return atLeastOne(
        bytes(FLOCKER, text, "a size is a number, with K, M, G or T if wanted, such as 2.5G"),
        text);
  }

  /**
   * A size as Compose and Docker have it, such as {@code 512m} or {@code 1.5GiB}; 0 where none is
   * meant.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static long compose(String text) {
    return bytes(
        COMPOSE,
        text.toLowerCase(Locale.ROOT),
        "a size is a number, with b, k, m or g if wanted, such as 512m");
  }

  private static long bytes(Pattern form, String text, String rule) {
    Matcher matcher = form.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(rule + ", not '" + text + "'");
    }
    String unit = matcher.group(2) == null ? "" : matcher.group(2).toLowerCase(Locale.ROOT);
    int bits = unit.isEmpty() ? 0 : BITS_A_UNIT * (UNITS.indexOf(unit) + 1);
    try {
      return new BigDecimal(matcher.group(1))
          .multiply(BigDecimal.valueOf(1L << bits))
          .setScale(0, RoundingMode.CEILING)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too large", e);
    }
  }

  private static long atLeastOne(long bytes, String text) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a size is at least 1 byte, not '" + text + "'");
    }
    return bytes;
  }
}
