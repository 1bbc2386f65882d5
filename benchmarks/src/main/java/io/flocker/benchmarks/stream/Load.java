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
  private static final long MIB = 1 << 20;

  /** The cheapest children there are. */
  private static final List<String> NOWHERE = List.of("dd", "of=/dev/null", "bs=1M");

  /** As many zeros as fit into whole blocks. */
  static Load zeros(long bytes, int streams) {
    long blocks = Math.max(1, bytes / MIB);
    return new Load(
        blocks * MIB,
        streams,
        List.of("dd", "if=/dev/zero", "bs=1M", "count=" + blocks, "status=none"),
        NOWHERE);
  }

  /** What somebody has recorded, such as {@code zfs send} into a file. */
  static Load recorded(Path file, int streams) throws IOException {
    return new Load(
        Files.size(file), streams, List.of("dd", "if=" + file, "bs=1M", "status=none"), NOWHERE);
  }

  long totalBytes() {
    return bytes * streams;
  }
}
