package io.flocker.cli.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A size as people write it: {@code 512m}, {@code 10g}, {@code 1GiB}; units are powers of 1024. */
record Size(long bytes) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})([kmgtp]?)(i?b)?");
  private static final String UNITS = "kmgtp";
  private static final int SHIFT = 10;

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException if it is none, is 0 or does not fit 64 bits
   */
  static Size parse(String text) {
    Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (form.matches()) {
      int shift = form.group(2).isEmpty() ? 0 : SHIFT * (UNITS.indexOf(form.group(2)) + 1);
      long count = Long.parseLong(form.group(1));
      if (count > 0 && count <= Long.MAX_VALUE >> shift) {
        return new Size(count << shift);
      }
    }
    throw new IllegalArgumentException(
        "a size is a number and k, m, g, t or p, not '" + text + "'");
  }
}
