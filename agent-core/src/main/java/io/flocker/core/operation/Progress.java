package io.flocker.core.operation;

import java.util.OptionalLong;

/**
 * How far a stream is.
 *
 * @param bytes so far
 * @param totalBytes in all, where that is known
 * @param bytesPerSecond lately
 * @param etaSeconds until the end at that rate, where that is known
 */
public record Progress(
    long bytes, OptionalLong totalBytes, long bytesPerSecond, OptionalLong etaSeconds) {
  /** Before the first byte. */
  public static final Progress NONE =
      new Progress(0, OptionalLong.empty(), 0, OptionalLong.empty());
}
