package io.flocker.benchmarks.control;

import java.util.stream.Stream;

/** A server in a process of its own, and perhaps children. */
record Contender(Process process, int port) implements AutoCloseable {
  /** The processes that serve. */
  Stream<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
