package io.flocker.cli.command;

import java.util.Locale;

/** How an answer is printed. */
enum OutputFormat {
  /** In lines for people. */
  TABLE,
  /** Whole, as the node gives it. */
  JSON,
  /** The same. */
  YAML;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
