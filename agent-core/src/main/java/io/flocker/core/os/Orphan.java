package io.flocker.core.os;

import java.util.List;

/**
 * A process that outlived who started it.
 *
 * @param process ends it, unless it has ended: never another one that was given its pid
 * @param argv program and arguments
 */
public record Orphan(ProcessHandle process, List<String> argv) {
  public Orphan {
    argv = List.copyOf(argv);
  }
}
