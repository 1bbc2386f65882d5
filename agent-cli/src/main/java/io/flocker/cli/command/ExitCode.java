package io.flocker.cli.command;

/** How a command ended, for scripts; each value stands in the help and in COMMANDS.md. */
final class ExitCode {
  /** What was asked is done. */
  static final int DONE = 0;

  /** The node refused, or tried and failed; its problem is on standard error. */
  static final int FAILED = 1;

  /** The command line, or a file that it names, is wrong; nothing was asked. */
  static final int USAGE = 2;

  /** No answer came from the node. */
  static final int UNREACHABLE = 3;

  /** Whoever read standard output does so no more: as SIGPIPE ends a program, 128 + 13. */
  static final int UNREAD = 141;

  private ExitCode() {}
}
