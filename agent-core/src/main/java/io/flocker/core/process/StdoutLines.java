package io.flocker.core.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A child's stdout, given away line by line; after a line that is refused it is closed. */
final class StdoutLines extends Stdout {
  /** A name and a value of ZFS together, many times over. */
  static final int MAX_LINE_BYTES = 64 * 1024;

  private final Asked asked;
  private final LineConsumer lines;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private volatile @Nullable FailureException refusal;

  /** Something that is done with what was read. */
  @FunctionalInterface
  private interface Step {
    void take() throws FailureException;
  }

  private StdoutLines(Asked asked, LineConsumer lines) {
    this.asked = asked;
    this.lines = lines;
  }

  /** Starts to drain {@code stdout}, which is its own from now on. */
  static StdoutLines of(Asked asked, InputStream stdout, LineConsumer lines) {
    StdoutLines given = new StdoutLines(asked, lines);
    given.drain(stdout);
    return given;
  }

  /** Nothing: all of it was given away. */
  @Override
  String text() throws FailureException {
    if (refusal != null) {
      throw refusal;
    }
    return "";
  }

  @Override
  boolean take(byte[] chunk, int length) {
    return isTaken(() -> split(chunk, length));
  }

  @Override
  void end() {
    if (begun.size() > 0) {
      boolean _ = isTaken(this::endLine);
    }
  }

  private boolean isTaken(Step step) {
    try {
      step.take();
      return true;
    } catch (FailureException e) {
      refusal = e;
    } catch (RuntimeException e) {
      refusal =
          asked
              .unreadable()
              .because(asked.name() + " said what nobody here understands")
              .causedBy(e);
    }
    return false;
  }

  private void split(byte[] chunk, int length) throws FailureException {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (chunk[i] == '\n') {
        begun.write(chunk, start, i - start);
        endLine();
        start = i + 1;
      }
    }
    begun.write(chunk, start, length - start);
    if (begun.size() > MAX_LINE_BYTES + CHUNK_BYTES) {
      throw asked.unreadable().because("a line has no end");
    }
  }

  private void endLine() throws FailureException {
    String line = begun.toString(UTF_8);
    begun.reset();
    lines.take(line);
  }
}
