package io.flocker.http.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * Where the buffers of all connections and pipes come from. Any thread may call.
 *
 * <p>Netty's own choice, the adaptive allocator, pools no buffer above 256 KiB where the heap is
 * small (AdaptivePoolingAllocator, IS_LOW_MEM): each one, the size in which streams move, would be
 * made, zeroed and given back by the kernel every time.
 */
public final class Buffers {
  private Buffers() {}

  /** The one pool. */
  public static ByteBufAllocator pool() {
    return PooledByteBufAllocator.DEFAULT;
  }

  /** What all buffers of this process take outside of the heap, those that wait for use too. */
  public static long directMemoryBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }
}
