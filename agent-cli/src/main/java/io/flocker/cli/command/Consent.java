package io.flocker.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether something that cannot be undone is meant: by {@code --yes}, or by whoever is asked. */
final class Consent {
  private final String otherwise;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = {"-y", "--yes"},
      description = "Do it without asking; wanted where nobody can be asked")
  private boolean yes;

  Consent() {
    this("");
  }

  /**
   * One that can be done without.
   *
   * @param otherwise how, for the message where nobody can be asked; begins with a comma
   */
  Consent(String otherwise) {
    this.otherwise = otherwise;
  }

  /**
   * Demands that it is given, or that somebody can be asked: before anything is asked of a node.
   *
   * @throws ParameterException where nobody can be asked
   */
  void requirePossible(Session session) {
    boolean canAsk = !session.isDocument() && session.environment().terminal().interactive();
    if (!yes && !canAsk) {
      throw new ParameterException(
          command.commandLine(), "There is nobody to ask: give --yes" + otherwise);
    }
  }

  /**
   * Whether it is meant; says so where it is not.
   *
   * @param question what is about to be done and lost, a sentence
   * @throws ParameterException where nobody can be asked
   */
  boolean isGiven(Session session, String question) {
    requirePossible(session);
    if (yes || isAgreed(session, question)) {
      return true;
    }
    session.complain("flocker: nothing was changed");
    return false;
  }

  private static boolean isAgreed(Session session, String question) {
    CommandEnvironment environment = session.environment();
    session.say(question);
    environment.out().print("Do this? [y/N] ");
    environment.out().flush();
    return environment
        .terminal()
        .readLine()
        .filter(line -> line.strip().equalsIgnoreCase("y") || line.strip().equalsIgnoreCase("yes"))
        .isPresent();
  }
}
