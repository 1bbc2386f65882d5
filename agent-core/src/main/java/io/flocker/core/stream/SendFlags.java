package io.flocker.core.stream;

/**
 * How a stream is made; both ends agree on it before a byte flows.
 *
 * @param largeBlocks {@code -L}: must stay as it was along a chain of increments
 * @param embedded {@code -e}
 * @param compressed {@code -c}
 * @param raw {@code -w}: as on disk, encrypted where the dataset is
 */
public record SendFlags(boolean largeBlocks, boolean embedded, boolean compressed, boolean raw) {
  /** What every ZFS understands. */
  public static final SendFlags NONE = new SendFlags(false, false, false, false);
}
