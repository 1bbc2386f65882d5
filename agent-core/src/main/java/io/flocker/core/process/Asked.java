package io.flocker.core.process;

import io.flocker.core.failure.Failure;
import io.flocker.core.log.ActionType;
import java.util.List;

/**
 * Whom commands ask: how it is called, and which failures tell that it does not answer.
 *
 * @param name as users know it, such as {@code ZFS}
 * @param action what the log calls one command
 * @param unavailable its program cannot be started
 * @param late it did not answer in time
 * @param unreadable it says too much, or what nobody understands
 * @param isOfUsers whether users have said what is run: its arguments, which may be secrets, are
 *     neither logged nor told
 */
public record Asked(
    String name,
    ActionType action,
    Failure unavailable,
    Failure late,
    Failure unreadable,
    boolean isOfUsers) {
  /** A program of our own choice. */
  public Asked(
      String name, ActionType action, Failure unavailable, Failure late, Failure unreadable) {
    this(name, action, unavailable, late, unreadable, false);
  }

  /** A program that users have chosen, by its absolute path, and which fails in one way. */
  public static Asked ofUsers(String name, ActionType action, Failure failed) {
    return new Asked(name, action, failed, failed, failed, true);
  }

  /**
   * What of a command may be told: of one of users all up to their program, of what that has
   * started in turn its name.
   */
  List<String> told(List<String> argv) {
    if (!isOfUsers) {
      return argv;
    }
    int program = 0;
    while (program < argv.size() && !argv.get(program).startsWith("/")) {
      program++;
    }
    return argv.subList(0, program < argv.size() ? program + 1 : Math.min(1, argv.size()));
  }
}
