package io.flocker.core.deploy.format;

import java.util.Comparator;
import java.util.OptionalInt;

/**
 * Something that is wrong with a file.
 *
 * @param file its name
 * @param line from 1, if it is at one place
 * @param subject whose part it is, such as {@code application mongodb}; empty for the file's own
 * @param text the field and what is wrong with it, and the cure where that is not plain
 */
public record Problem(String file, OptionalInt line, String subject, String text) {
  /** As one reads the files. */
  static final Comparator<Problem> BY_PLACE =
      Comparator.comparing(Problem::file).thenComparingInt(problem -> problem.line.orElse(0));

  /** One line: {@code <file>:<line>: <subject>: <text>}. */
  @Override
  public String toString() {
    return file
        + (line.isPresent() ? ":" + line.getAsInt() : "")
        + ": "
        + (subject.isEmpty() ? "" : subject + ": ")
        + text;
  }
}
