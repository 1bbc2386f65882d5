package io.flocker.core.yaml;

import java.util.OptionalInt;

/** A text that is no document that is read here. */
public final class YamlException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient OptionalInt line;
  private final String problem;

  YamlException(OptionalInt line, String problem) {
    super(YamlDocument.place(line) + problem);
    this.line = line;
    this.problem = problem;
  }

  YamlException(int line, String problem) {
    this(OptionalInt.of(line), problem);
  }

  /** Where it is, from 1, if it is at one place. */
  public OptionalInt line() {
    return line;
  }

  /** What is wrong, without the line. */
  public String problem() {
    return problem;
  }
}
