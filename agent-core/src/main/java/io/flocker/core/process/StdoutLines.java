package io.flocker.core.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A child's stdout, given away line by line; after a line that is refused it is thrown away. */
final class StdoutLines implements Stdout {
  private static final int CHUNK_BYTES = 64 * 1024;

  /** A name and a value of ZFS together, many times over. */
  static final int MAX_LINE_BYTES = 64 * 1024;

  private final Asked asked;
  private final LineConsumer lines;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile @Nullable FailureException refusal;

  private StdoutLines(Asked asked, LineConsumer lines) {
    this.asked = asked;
    this.lines = lines;
  }

  /** Starts to drain {@code stdout}, which is its own from now on. */
  static StdoutLines of(Asked asked, InputStream stdout, LineConsumer lines) {
    StdoutLines drain = new StdoutLines(asked, lines);
    Thread.ofVirtual().name("stdout").start(() -> drain.drain(stdout));
    return drain;
  }

  @Override
  public CompletableFuture<Void> drained() {
    return drained;
  }

  /** Nothing: all of it was given away. */
  @Override
  public String text() throws FailureException {
    if (refusal != null) {
      throw refusal;
    }
    return "";
  }

  private void drain(InputStream stdout) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (stdout) {
      for (int n = stdout.read(chunk); n >= 0; n = stdout.read(chunk)) {
        take(chunk, n);
      }
      if (begun.size() > 0) {
        end();
      }
    } catch (IOException _) {
      // The child was killed; whoever killed it says so.
    } catch (FailureException e) {
      refusal = e;
    } catch (RuntimeException e) {
      refusal =
          asked
              .unreadable()
              .because(asked.name() + " said what nobody here understands")
              .causedBy(e);
    } finally {
      drained.complete(null);
    }
  }

  private void take(byte[] chunk, int length) throws FailureException {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (chunk[i] == '\n') {
        begun.write(chunk, start, i - start);
        end();
        start = i + 1;
      }
    }
    begun.write(chunk, start, length - start);
    if (begun.size() > MAX_LINE_BYTES + CHUNK_BYTES) {
      throw asked.unreadable().because("a line has no end");
    }
  }

  private void end() throws FailureException {
    String line = begun.toString(UTF_8);
    begun.reset();
    lines.take(line);
  }
}
