package io.flocker.core.stream;

/**
 * What has to stay as it was along all streams that a copy is made of: ZFS refuses, and before 2.0
 * could corrupt, a chain that changes it.
 *
 * @param largeBlocks {@code -L}
 * @param raw {@code -w}
 */
public record ChainFlags(boolean largeBlocks, boolean raw) {
  /** Those of a chain of which one stream is made so. */
  public static ChainFlags of(SendFlags flags) {
    return new ChainFlags(flags.largeBlocks(), flags.raw());
  }

  /** Streams of the chain that have nothing beside. */
  public SendFlags flags() {
    return new SendFlags(largeBlocks, false, false, raw);
  }
}
