package io.flocker.core.process;

import java.util.List;

/**
 * What a command is about, for those who are told of its failure: they asked about a volume, and
 * know nothing of commands. The log has the whole command.
 */
public final class Subject {
  private Subject() {}

  /** Dataset, snapshot or pool that {@code argv} names last; else the program. */
  public static String of(List<String> argv) {
    String last = argv.getLast();
    return argv.size() > 2 && !last.startsWith("-") ? last : argv.getFirst();
  }
}
