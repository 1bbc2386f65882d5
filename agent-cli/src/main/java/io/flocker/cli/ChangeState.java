package io.flocker.cli;

import io.flocker.cli.command.ChangeStateCommand;
import io.flocker.cli.command.CommandEnvironment;

/** The program {@code flocker-changestate}. */
public final class ChangeState {
  private ChangeState() {}

  /** Runs it and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(new ChangeStateCommand(CommandEnvironment.ofProcess()).run(arguments));
  }
}
