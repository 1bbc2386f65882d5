package io.flocker.cli.console;

/**
 * Text that somebody else has chosen, made harmless for a terminal: nothing in it moves the cursor,
 * changes a colour or a title, or turns the direction of what follows.
 */
public final class PlainText {
  private static final int DEL = 0x7f;

  private PlainText() {}

  /**
   * The text in one line, with an escape such as {@code \x{1b}} or {@code \x{202e}} for each
   * character that a terminal would heed and not show.
   */
  public static String of(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(plain, point));
    return plain.toString();
  }

  /** The same document without what JSON may leave as it is: DEL, and what no terminal shows. */
  public static String ofJson(String document) {
    StringBuilder plain = new StringBuilder(document.length());
    document
        .codePoints()
        .forEach(point -> {
          if (point < DEL || isShown(point)) {
            plain.appendCodePoint(point);
          } else {
            for (char unit : Character.toChars(point)) {
              plain.append("\\u%04x".formatted((int) unit));
            }
          }
        });
    return plain.toString();
  }

  private static void append(StringBuilder plain, int point) {
    if (isShown(point)) {
      plain.appendCodePoint(point);
    } else {
      plain.append("\\x{").append(Integer.toHexString(point)).append('}');
    }
  }

  /** Unicode, chapter 23: controls (C0, DEL, C1), invisible and bidirectional format characters. */
  static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
