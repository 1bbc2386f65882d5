package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is sent.
 *
 * @param bytes of one stream
 * @param streams how many run at once
 * @param source the child that writes it
 * @param sink the child that takes it; says on stderr how much it was
 */
record Load(long bytes, int streams, List<String> source, List<String> sink) {
  /**
   * What a child reads or writes at once: a record of ZFS, as long as it is unless somebody chose
   * another size, and little enough to stay in a core's own cache.
   */
  static final int BLOCK_BYTES = 128 << 10;

  private static final String BLOCK = "bs=" + BLOCK_BYTES;

  /** The cheapest children there are. */
  private static final List<String> NOWHERE = List.of("dd", "of=/dev/null", BLOCK);

  /** As many zeros as fit into whole blocks. */
  static Load zeros(long bytes, int streams) {
    long blocks = Math.max(1, bytes / BLOCK_BYTES);
    return new Load(
        blocks * BLOCK_BYTES,
        streams,
        List.of("dd", "if=/dev/zero", BLOCK, "count=" + blocks, "status=none"),
        NOWHERE);
  }

  /** What somebody has recorded, such as {@code zfs send} into a file. */
  static Load recorded(Path file, int streams) throws IOException {
    return new Load(
        Files.size(file), streams, List.of("dd", "if=" + file, BLOCK, "status=none"), NOWHERE);
  }

  long totalBytes() {
    return bytes * streams;
  }
}
