package io.flocker.cli.console;

import java.util.ArrayList;
import java.util.List;

/** Text in as many lines as it takes, broken between words. */
public final class WrappedText {
  private WrappedText() {}

  /**
   * The lines, at least one.
   *
   * @param text of shown characters alone, as {@link PlainText} makes it
   * @param columns that a line has at most; 1 at least
   */
  public static List<String> of(String text, int columns) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > columns) {
      int space = rest.lastIndexOf(' ', columns);
      int end = space > 0 ? space : columns;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
