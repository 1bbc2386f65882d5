package io.flocker.benchmarks.stream;

import com.sun.management.ThreadMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What a Java process has asked of its memory so far.
 *
 * @param allocatedBytes on the heap, by all threads that ever ran
 * @param collections of the collector, all kinds
 * @param fullCollections those that went over the old generation
 * @param directBytes what Netty holds outside the heap now
 */
record Tally(long allocatedBytes, long collections, long fullCollections, long directBytes) {
  static Tally now() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long all = 0;
    long full = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      all += collector.getCollectionCount();
      if (isFull(collector)) {
        full += collector.getCollectionCount();
      }
    }
    return new Tally(
        threads.getTotalThreadAllocatedBytes(), all, full, PlatformDependent.usedDirectMemory());
  }

  private static boolean isFull(GarbageCollectorMXBean collector) {
    return Arrays.stream(collector.getMemoryPoolNames())
        .anyMatch(pool -> pool.contains("Tenured") || pool.contains("Old"));
  }
}
