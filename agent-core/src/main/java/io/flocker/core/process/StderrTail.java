package io.flocker.core.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The last 32 KiB of a child's stderr, drained from the start so that the child never blocks. Any
 * thread may ask.
 */
public final class StderrTail {
  /** How much is kept. */
  public static final int KEPT_BYTES = 32 * 1024;

  private static final int CHUNK_BYTES = 4 * 1024;

  private final byte[] ring = new byte[KEPT_BYTES];
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private long total;

  private StderrTail() {}

  /** Starts to drain {@code stderr}, which is the tail's own from now on. */
  public static StderrTail of(InputStream stderr) {
    StderrTail tail = new StderrTail();
    Thread.ofVirtual().name("stderr").start(() -> tail.drain(stderr));
    return tail;
  }

  /** What there is by now. */
  public synchronized String text() {
    int kept = (int) Math.min(total, KEPT_BYTES);
    byte[] bytes = new byte[kept];
    int start = (int) ((total - kept) % KEPT_BYTES);
    int untilWrap = Math.min(kept, KEPT_BYTES - start);
    System.arraycopy(ring, start, bytes, 0, untilWrap);
    System.arraycopy(ring, 0, bytes, untilWrap, kept - untilWrap);
    return new String(bytes, UTF_8);
  }

  /** Completes at the end of stderr. */
  public CompletionStage<Void> drained() {
    return drained;
  }

  private void drain(InputStream stderr) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (stderr) {
      for (int n = stderr.read(chunk); n >= 0; n = stderr.read(chunk)) {
        append(chunk, n);
      }
    } catch (IOException _) {
      // The child is gone; what it had said is kept.
    } finally {
      drained.complete(null);
    }
  }

  private synchronized void append(byte[] chunk, int length) {
    int at = (int) (total % KEPT_BYTES);
    int untilWrap = Math.min(length, KEPT_BYTES - at);
    System.arraycopy(chunk, 0, ring, at, untilWrap);
    System.arraycopy(chunk, untilWrap, ring, 0, length - untilWrap);
    total += length;
  }
}
