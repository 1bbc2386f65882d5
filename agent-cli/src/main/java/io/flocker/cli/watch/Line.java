package io.flocker.cli.watch;

import io.flocker.cli.console.Paint;
import io.flocker.cli.console.PlainText;

/**
 * A line of a picture.
 *
 * @param text without anything that a terminal would heed
 */
record Line(String text, Look look) {
  private static final String CUT = "...";

  /** How it looks, where there are colours. */
  enum Look {
    USUAL,
    STRONG,
    FAINT,
    ALARMING
  }

  Line {
    text = PlainText.of(text).stripTrailing();
  }

  static Line of(String text) {
    return new Line(text, Look.USUAL);
  }

  static Line alarming(String text) {
    return new Line(text, Look.ALARMING);
  }

  static Line faint(String text) {
    return new Line(text, Look.FAINT);
  }

  static Line strong(String text) {
    return new Line(text, Look.STRONG);
  }

  /** The same in no more than so many columns. */
  Line within(int columns) {
    return new Line(cut(text, columns), look);
  }

  /** As the terminal gets it. */
  String painted(Paint paint) {
    return switch (look) {
      case USUAL -> text;
      case STRONG -> paint.strong(text);
      case FAINT -> paint.faint(text);
      case ALARMING -> paint.alarming(text);
    };
  }

  /** The beginning of a text that is too long, with a sign that there is more. */
  static String cut(String text, int columns) {
    if (text.length() <= columns) {
      return text;
    }
    int end = Math.max(0, columns - CUT.length());
    // Half a pair of surrogates would be no character at all.
    int whole = end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    return text.substring(0, whole) + CUT.substring(0, Math.clamp(columns, 0, CUT.length()));
  }
}
