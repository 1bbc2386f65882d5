package io.flocker.cli;

import io.flocker.cli.command.CommandTree;
import io.flocker.cli.command.Surroundings;

/** The program {@code flocker}. */
public final class Flocker {
  private Flocker() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(CommandTree.of(Surroundings.ofProcess()).execute(arguments));
  }
}
