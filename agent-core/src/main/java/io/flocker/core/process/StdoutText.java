package io.flocker.core.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** A child's stdout, read whole up to a limit; what exceeds it is read and thrown away. */
final class StdoutText implements Stdout {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Asked asked;
  private final int limitBytes;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile boolean isOverLimit;

  private StdoutText(Asked asked, int limitBytes) {
    this.asked = asked;
    this.limitBytes = limitBytes;
  }

  /** Starts to drain {@code stdout}, which is its own from now on. */
  static StdoutText of(Asked asked, InputStream stdout, int limitBytes) {
    StdoutText text = new StdoutText(asked, limitBytes);
    Thread.ofVirtual().name("stdout").start(() -> text.drain(stdout));
    return text;
  }

  @Override
  public CompletableFuture<Void> drained() {
    return drained;
  }

  @Override
  public String text() throws FailureException {
    if (isOverLimit) {
      throw asked.unreadable().because("more than " + limitBytes + " bytes were said");
    }
    return kept.toString(UTF_8);
  }

  private void drain(InputStream stdout) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (stdout) {
      for (int n = stdout.read(chunk); n >= 0; n = stdout.read(chunk)) {
        if (kept.size() + n > limitBytes) {
          isOverLimit = true;
        } else {
          kept.write(chunk, 0, n);
        }
      }
    } catch (IOException _) {
      // The child was killed; whoever killed it says so.
    } finally {
      drained.complete(null);
    }
  }
}
