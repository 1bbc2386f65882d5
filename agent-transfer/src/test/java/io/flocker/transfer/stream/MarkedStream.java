package io.flocker.transfer.stream;

import static io.flocker.core.failure.TransferFailure.NOT_A_STREAM;
import static io.flocker.core.failure.TransferFailure.STREAM_TRUNCATED;
import static io.flocker.core.failure.TransferFailure.TRAILING_BYTES;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.StreamInspector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Judges the simplest of streams: {@code <}, anything without angle brackets, {@code >}. */
final class MarkedStream implements StreamInspector {
  private static final byte BEGIN = '<';
  private static final byte END = '>';

  private final @Nullable FailureException refusal;
  private final long refusedAt;
  private long bytes;
  private boolean hasEnded;

  private MarkedStream(@Nullable FailureException refusal, long refusedAt) {
    this.refusal = refusal;
    this.refusedAt = refusedAt;
  }

  static MarkedStream inspector() {
    return new MarkedStream(null, Long.MAX_VALUE);
  }

  /** An inspector that does not like the byte at {@code offset}. */
  static MarkedStream refusing(FailureException refusal, long offset) {
    return new MarkedStream(refusal, offset);
  }

  /** A stream of that many bytes. */
  static byte[] ofLength(int length) {
    byte[] stream = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    stream[0] = BEGIN;
    stream[length - 1] = END;
    return stream;
  }

  /** A shell command that writes a stream of that many bytes. */
  static String script(long length) {
    return "printf '<'; head -c " + (length - 2) + " /dev/zero; printf '>'";
  }

  @Override
  public void inspect(ByteBuffer seen) throws FailureException {
    for (int i = seen.position(); i < seen.limit(); i++) {
      judge(seen.get(i));
      bytes++;
    }
  }

  @Override
  public boolean hasBegun() {
    return bytes > 0;
  }

  @Override
  public void end() throws FailureException {
    if (!hasEnded) {
      throw STREAM_TRUNCATED.because("no '>' at the end");
    }
  }

  private void judge(byte next) throws FailureException {
    if (bytes == 0 && next != BEGIN) {
      throw NOT_A_STREAM.because("the first byte is not '<'");
    }
    if (hasEnded) {
      throw TRAILING_BYTES.because("a byte after '>'");
    }
    if (refusal != null && bytes == refusedAt) {
      throw refusal;
    }
    hasEnded = next == END;
  }
}
