package io.flocker.benchmarks.stream;

import java.io.IOException;

/** What is sent, run after run; whoever asks closes it. */
@FunctionalInterface
interface Loads extends AutoCloseable {
  /** What the next run sends; what the last one has brought is gone. */
  Load next() throws IOException;

  /** Leaves nothing. */
  @Override
  default void close() throws IOException {
    // Zeros and recordings go nowhere.
  }
}
