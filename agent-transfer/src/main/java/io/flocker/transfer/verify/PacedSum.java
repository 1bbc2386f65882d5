package io.flocker.transfer.verify;

import io.flocker.transfer.stream.RateLimit;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/** The SHA-256 of bytes that it takes no faster than it may. On one thread, which it holds up. */
final class PacedSum {
  private final MessageDigest sum;
  private final RateLimit limit;

  /**
   * Of nothing yet.
   *
   * @param bytesPerSecond above 0
   */
  PacedSum(long bytesPerSecond) {
    this.limit = new RateLimit(bytesPerSecond, System.nanoTime());
    try {
      this.sum = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Takes the first {@code length} bytes, then waits until more may come. */
  void take(byte[] block, int length) {
    sum.update(block, 0, length);
    limit.pass(length, System.nanoTime());
    long wait = limit.waitNanos(System.nanoTime());
    while (wait > 0) {
      LockSupport.parkNanos(wait);
      wait = limit.waitNanos(System.nanoTime());
    }
  }

  /** The sum of all that was taken. */
  String hexadecimal() {
    return HexFormat.of().formatHex(sum.digest());
  }
}
