package io.flocker.cli;

import io.flocker.cli.command.CommandEnvironment;
import io.flocker.cli.command.CommandTree;

/** The program {@code flocker}. */
public final class Flocker {
  private Flocker() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(CommandTree.run(CommandEnvironment.ofProcess(), arguments));
  }
}
