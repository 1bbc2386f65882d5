package io.flocker.transfer.stream;

import io.flocker.transfer.pipe.PipeWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * The end of a stream as far as it has come, which a child must not see yet. Loop only.
 *
 * <p>Nothing is copied but what arrives in crumbs: many small pieces would each pin the large
 * buffer that they are slices of.
 */
final class HeldBack {
  private static final int MAX_PIECES = 64;

  private final ByteBufAllocator allocator;
  private final int limit;
  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
  private int bytes;

  /**
   * Holds back.
   *
   * @param limit how many bytes {@link #pourInto} leaves
   */
  HeldBack(ByteBufAllocator allocator, int limit) {
    this.allocator = allocator;
    this.limit = limit;
  }

  int bytes() {
    return bytes;
  }

  /** Takes the bytes and their release. */
  void add(ByteBuf piece) {
    bytes += piece.readableBytes();
    pieces.add(piece);
  }

  /** Hands on all but the last bytes. */
  void pourInto(PipeWriter writer) {
    pour(writer, limit);
    if (pieces.size() > MAX_PIECES) {
      gather();
    }
  }

  /** Hands on everything, now that the stream is proven. */
  void pourAllInto(PipeWriter writer) {
    pour(writer, 0);
  }

  void release() {
    pieces.forEach(ByteBuf::release);
    pieces.clear();
    bytes = 0;
  }

  private void pour(PipeWriter writer, int left) {
    while (bytes > left) {
      ByteBuf first = pieces.element();
      int part = Math.min(first.readableBytes(), bytes - left);
      bytes -= part;
      writer.write(part == first.readableBytes() ? pieces.remove() : first.readRetainedSlice(part));
    }
  }

  private void gather() {
    ByteBuf whole = allocator.directBuffer(limit, limit);
    pieces.forEach(whole::writeBytes);
    release();
    add(whole);
  }
}
