package io.flocker.transfer.stream;

import io.flocker.core.stream.Proof;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** Counts and sums the bytes of one stream as they pass. On one thread; {@link #bytes} on any. */
final class StreamMeter {
  private final CRC32C sum = new CRC32C();
  private final AtomicLong bytes = new AtomicLong();

  /** Takes account of what is between position and limit, and leaves both as they were. */
  void add(ByteBuffer passing) {
    int position = passing.position();
    int length = passing.remaining();
    sum.update(passing);
    passing.position(position);
    bytes.setRelease(bytes.getPlain() + length);
  }

  long bytes() {
    return bytes.getAcquire();
  }

  /** What can be vouched for, now that the sending child has ended with {@code exit}. */
  Proof proof(int exit) {
    return new Proof(exit, bytes(), (int) sum.getValue());
  }
}
