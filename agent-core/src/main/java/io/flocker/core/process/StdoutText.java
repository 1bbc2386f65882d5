package io.flocker.core.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;

/** A child's stdout, read whole up to a limit; what exceeds it is read and thrown away. */
final class StdoutText extends Stdout {
  private final Asked asked;
  private final int limitBytes;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private volatile boolean isOverLimit;

  private StdoutText(Asked asked, int limitBytes) {
    this.asked = asked;
    this.limitBytes = limitBytes;
  }

  /** Starts to drain {@code stdout}, which is its own from now on. */
  static StdoutText of(Asked asked, InputStream stdout, int limitBytes) {
    StdoutText text = new StdoutText(asked, limitBytes);
    text.drain(stdout);
    return text;
  }

  @Override
  String text() throws FailureException {
    if (isOverLimit) {
      throw asked.unreadable().because("more than " + limitBytes + " bytes were said");
    }
    return kept.toString(UTF_8);
  }

  @Override
  boolean take(byte[] chunk, int length) {
    if (kept.size() + length > limitBytes) {
      isOverLimit = true;
    } else {
      kept.write(chunk, 0, length);
    }
    return true;
  }
}
