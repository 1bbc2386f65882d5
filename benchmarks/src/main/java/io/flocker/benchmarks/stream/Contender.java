package io.flocker.benchmarks.stream;

/** A way for bytes from one child to another. */
interface Contender {
  /** As the command line and the figures call it. */
  String name();

  /** For readers of the table. */
  String description();

  /** Moves the load once. */
  Run run(Load load) throws Exception;
}
