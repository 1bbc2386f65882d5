package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is sent.
 *
 * @param bytes of one stream
 * @param streams how many run at once
 * @param recording the file that holds each stream; zeros where there is none
 */
record Load(long bytes, int streams, Optional<Path> recording) {
  private static final long MIB = 1 << 20;

  /** As many zeros as fit into whole blocks. */
  static Load zeros(long bytes, int streams) {
    return new Load(Math.max(1, bytes / MIB) * MIB, streams, Optional.empty());
  }

  /** What somebody has recorded, such as {@code zfs send} into a file. */
  static Load recorded(Path file, int streams) throws IOException {
    return new Load(Files.size(file), streams, Optional.of(file));
  }

  /** The cheapest child that writes it. */
  List<String> source() {
    return recording.isPresent()
        ? List.of("dd", "if=" + recording.get(), "bs=1M", "status=none")
        : List.of("dd", "if=/dev/zero", "bs=1M", "count=" + bytes / MIB, "status=none");
  }

  /** The cheapest child that takes it; says on stderr how much it was. */
  List<String> sink() {
    return List.of("dd", "of=/dev/null", "bs=1M");
  }

  long totalBytes() {
    return bytes * streams;
  }
}
