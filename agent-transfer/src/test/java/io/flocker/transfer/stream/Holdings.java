package io.flocker.transfer.stream;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds of the system.
 *
 * @param directBytes by Netty's own count: the JDK's says 0 for what Netty takes on JDK 25
 */
record Holdings(long descriptors, long threads, long children, long directBytes) {
  /** What the allocator may still add to its pools, in chunks; 200 lost reads are 50 MiB. */
  private static final long POOLED_BYTES = 16 << 20;

  static Holdings now() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return new Holdings(
          descriptors.count(),
          Thread.getAllStackTraces().size(),
          ProcessHandle.current().children().count(),
          PlatformDependent.usedDirectMemory());
    }
  }

  /** Whether nothing of this is more than {@code other} has. */
  boolean isWithin(Holdings other) {
    return descriptors <= other.descriptors
        && threads <= other.threads
        && children <= other.children
        && directBytes <= other.directBytes + POOLED_BYTES;
  }
}
