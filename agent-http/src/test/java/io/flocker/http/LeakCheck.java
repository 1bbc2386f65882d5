package io.flocker.http;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.flocker.http.net.Buffers;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a buffer was found that nobody released. JUnit finds it by itself,
 * as a service of the class path.
 */
public final class LeakCheck implements AfterAllCallback {
  private static final int ROUNDS = 2;
  private static final long PATIENCE_MILLIS = 10_000;

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    for (int i = 0; i < ROUNDS; i++) {
      collect();
      // Netty looks for what was lost whenever a buffer is made.
      boolean _ = Buffers.pool().directBuffer(1).release();
    }
    assertNull(LeakRecorder.poll(), "a buffer was lost without its release");
  }

  /** Returns once the collector has found what was lost before. */
  private static void collect() throws InterruptedException {
    ReferenceQueue<Object> found = new ReferenceQueue<>();
    Reference<Object> lost = new PhantomReference<>(new Object(), found);
    for (long waited = 0; waited < PATIENCE_MILLIS; waited += 100) {
      System.gc();
      if (lost.equals(found.remove(100))) { // A reference equals itself alone.
        return;
      }
    }
    throw new IllegalStateException("the collector does not collect");
  }
}
