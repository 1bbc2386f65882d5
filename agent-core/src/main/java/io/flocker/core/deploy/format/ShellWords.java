package io.flocker.core.deploy.format;

import java.util.ArrayList;
import java.util.List;

/** A command line as words, by the quotes and backslashes of a shell, and nothing else of one. */
final class ShellWords {
  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean isInWord;
  private int next;

  private ShellWords(String line) {
    this.line = line;
  }

  /**
   * The words of a line.
   *
   * @throws IllegalArgumentException if a quote is not closed, or a backslash is the last character
   */
  static List<String> of(String line) {
    return new ShellWords(line).split();
  }

  private List<String> split() {
    while (next < line.length()) {
      char c = line.charAt(next++);
      if (c == '\'' || c == '"') {
        quoted(c);
      } else if (c == '\\') {
        add(escaped());
      } else if (Character.isWhitespace(c)) {
        end();
      } else {
        add(c);
      }
    }
    end();
    return words;
  }

  private void quoted(char quote) {
    isInWord = true;
    while (next < line.length()) {
      char c = line.charAt(next++);
      if (c == quote) {
        return;
      }
      boolean isEscape =
          c == '\\'
              && quote == '"'
              && next < line.length()
              && "\\\"$`".indexOf(line.charAt(next)) >= 0;
      add(isEscape ? escaped() : c);
    }
    throw new IllegalArgumentException("a quote is not closed in: " + line);
  }

  private char escaped() {
    if (next == line.length()) {
      throw new IllegalArgumentException("a backslash ends: " + line);
    }
    return line.charAt(next++);
  }

  private void add(char c) {
    isInWord = true;
    word.append(c);
  }

  private void end() {
    if (isInWord) {
      words.add(word.toString());
      word.setLength(0);
      isInWord = false;
    }
  }
}
