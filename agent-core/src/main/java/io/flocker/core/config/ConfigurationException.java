package io.flocker.core.config;

import java.nio.file.Path;
import java.util.List;

/** A configuration file that cannot be used, with everything that is wrong with it. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  ConfigurationException(Path file, List<String> problems) {
    super(file + " cannot be used:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line a problem, with the line of the file where there is one, and the cure. */
  public List<String> problems() {
    return problems;
  }
}
