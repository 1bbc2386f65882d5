package io.flocker.core.process;

import io.flocker.core.failure.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** A child's stdout, which is read until its end, or until no more of it is wanted. */
abstract class Stdout {
  static final int CHUNK_BYTES = 64 * 1024;

  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  /** Starts to drain {@code stdout}, which is its own from now on. */
  final void drain(InputStream stdout) {
    Thread.ofVirtual().name("stdout").start(() -> read(stdout));
  }

  private void read(InputStream stdout) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (stdout) {
      for (int n = stdout.read(chunk); n >= 0; n = stdout.read(chunk)) {
        if (!take(chunk, n)) {
          return;
        }
      }
      end();
    } catch (IOException _) {
      // The child was killed; whoever killed it says so.
    } finally {
      drained.complete(null);
    }
  }

  /** Completes at the end of it. */
  final CompletableFuture<Void> drained() {
    return drained;
  }

  /**
   * Takes some of it, on the thread that reads.
   *
   * @param chunk is used again afterwards
   * @return whether more of it is wanted; if not, the child may write no more
   */
  abstract boolean take(byte[] chunk, int length);

  /** All was taken, on the same thread. */
  void end() {}

  /**
   * What is kept of it as text; once it is drained.
   *
   * @throws FailureException if it cannot be used
   */
  abstract String text() throws FailureException;
}
