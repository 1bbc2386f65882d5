package io.flocker.transfer.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoOps;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pipe while somebody wants its bytes, straight into pooled direct memory. On the loop
 * only, but for {@link #close}. Starts paused.
 */
public final class PipeReader implements AutoCloseable {
  /**
   * What is heard of the pipe, on the loop. After {@link #ended}, {@link #failed} or {@link
   * PipeReader#close} nothing is called any more.
   */
  public interface Listener {
    /** The next bytes, never none, and their release. */
    void bytes(ByteBuf bytes);

    /** The last writer has closed the pipe, which says nothing about whether it did well. */
    void ended();

    /** Reading failed; the pipe is closed. */
    void failed(IOException cause);
  }

  /** Reads until other work of the loop gets its turn. */
  private static final int READS_A_TURN = 8;

  /** Below a quarter of a buffer a system call brings too little: take a new one. */
  private static final int LEAST_PART = 4;

  private final ByteBufAllocator allocator;
  private final int readBytes;
  private final Listener listener;
  private final ChildPipe pipe;
  // Small reads share one buffer, so that a trickling child does not pin a whole one with each.
  private @Nullable ByteBuf buffer;
  private boolean isWanted;
  private boolean isReady = true;
  private boolean isPumping;

  private PipeReader(
      IoEventLoop loop, int descriptor, ByteBufAllocator allocator, int readBytes, Listener to)
      throws IOException {
    this.allocator = allocator;
    this.readBytes = readBytes;
    this.listener = to;
    this.pipe = ChildPipe.open(loop, descriptor, EpollIoOps.EPOLLIN, new Events());
  }

  /**
   * Takes over a pipe's read end.
   *
   * @param descriptor non-blocking; owned, and closed if this throws
   * @param readBytes most that one read brings
   */
  public static PipeReader open(
      IoEventLoop loop, int descriptor, ByteBufAllocator allocator, int readBytes, Listener to)
      throws IOException {
    return new PipeReader(loop, descriptor, allocator, readBytes, to);
  }

  /** Reads on, until {@link #pause}; bytes may come before this returns. */
  public void resume() {
    isWanted = true;
    pump();
  }

  /** Reads no more until {@link #resume}. */
  public void pause() {
    isWanted = false;
  }

  /**
   * Leaves the loop and closes the pipe, so that a writer at the other end wakes up. Any thread.
   */
  @Override
  public void close() {
    pipe.close();
  }

  private void pump() {
    if (isPumping) {
      return; // A listener resumes from within bytes(): the loop below goes on.
    }
    isPumping = true;
    int reads = 0;
    while (isWanted && isReady && pipe.isOpen() && reads < READS_A_TURN) {
      read();
      reads++;
    }
    isPumping = false;
    if (reads == READS_A_TURN) {
      pipe.yieldTo(this::pump);
    }
  }

  private void read() {
    ByteBuf into = roomyBuffer();
    int count;
    try {
      int start = into.writerIndex();
      count = pipe.fd().readAddress(into.memoryAddress(), start, into.capacity());
    } catch (IOException e) {
      close();
      listener.failed(e);
      return;
    }
    switch (Integer.signum(count)) {
      case 1 -> listener.bytes(slice(into, count));
      case 0 -> isReady = false;
      default -> {
        close();
        listener.ended();
      }
    }
  }

  private static ByteBuf slice(ByteBuf whole, int count) {
    whole.writerIndex(whole.writerIndex() + count);
    return whole.readRetainedSlice(count);
  }

  private ByteBuf roomyBuffer() {
    if (buffer != null && buffer.writableBytes() < readBytes / LEAST_PART) {
      releaseBuffer();
    }
    if (buffer == null) {
      buffer = allocator.directBuffer(readBytes, readBytes);
    }
    return buffer;
  }

  private void releaseBuffer() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }

  private final class Events implements ChildPipe.Listener {
    @Override
    public void ready() {
      isReady = true;
      pump();
    }

    @Override
    public void broken() {
      // The end of the pipe is found by reading it out.
    }

    @Override
    public void closed() {
      releaseBuffer();
    }
  }
}
