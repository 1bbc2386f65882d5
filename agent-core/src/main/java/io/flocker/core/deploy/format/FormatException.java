package io.flocker.core.deploy.format;

import java.util.List;
import java.util.stream.Collectors;

/** Files that cannot be used, with everything that is wrong with them. */
public final class FormatException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  FormatException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** One or more, by file and line; the message has them one a line. */
  public List<Problem> problems() {
    return problems;
  }
}
