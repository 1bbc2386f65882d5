package io.flocker.core.process;

import java.time.Duration;

/** Hears of every command that was waited for, on the thread that did; it never blocks. */
@FunctionalInterface
public interface CommandObserver {
  /** Hears nothing. */
  CommandObserver NONE = (_, _) -> {};

  /**
   * Is told of one command.
   *
   * @param command program and subcommand, such as {@code zfs get}
   * @param lasted with the wait for its turn
   */
  void ran(String command, Duration lasted);
}
