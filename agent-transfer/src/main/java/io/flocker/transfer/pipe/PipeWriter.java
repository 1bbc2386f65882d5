package io.flocker.transfer.pipe;

import io.flocker.core.os.NativeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.IovArray;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Writes to a pipe as fast as its reader takes. On the loop only, but for {@link #close}.
 *
 * <p>What comes in bulk is lent to the pipe, which saves a copy: our pages lie in it, and a buffer
 * is released once its bytes have been read. So a reader has to use read(2), as {@code zfs receive}
 * does; splice(2) would carry pages on that we write again.
 *
 * <p>The queue has no limit of its own: whoever writes asks for more bytes only once it {@link
 * #isDrained}, which bounds it by what one read of a socket brings.
 */
public final class PipeWriter implements AutoCloseable {
  /** What is heard of the pipe, on the loop. After {@link PipeWriter#close} nothing is called. */
  public interface Listener {
    /** The pipe has taken all that a {@link PipeWriter#flush} had to leave behind. */
    void drained();

    /**
     * The reader has closed its end, maybe while nothing was being written. The pipe is closed; why
     * is for the reader to say: it may have read all that it wants.
     */
    void broken();

    /** Writing failed; the pipe is closed. */
    void failed(IOException cause);
  }

  /** A pipe of 1 MiB takes 64 TLS records of 16 KiB; more gain nothing. */
  private static final int MAX_GATHERED = 64;

  /** Below that a copy costs less than what a loan keeps from being used again. */
  private static final int LEAST_LENT = 64 << 10;

  private final ByteBufAllocator allocator;
  private final Listener listener;
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
  private final IovArray vectors = new IovArray(MAX_GATHERED);
  private final CompletionStage<?> readerEnd;
  private final Loans loans;
  private final ChildPipe pipe;
  private boolean isLending = true;
  private boolean isReady = true;
  private boolean isBehind;

  private PipeWriter(
      IoEventLoop loop,
      int descriptor,
      ByteBufAllocator allocator,
      Listener to,
      CompletionStage<?> readerEnd)
      throws IOException {
    this.allocator = allocator;
    this.listener = to;
    this.readerEnd = readerEnd;
    this.loans = new Loans(descriptor);
    this.pipe = ChildPipe.open(loop, descriptor, EpollIoOps.EPOLLOUT, new Events());
  }

  /**
   * Takes over a pipe's write end.
   *
   * @param descriptor non-blocking; owned, and closed if this throws
   * @param readerEnd completes once nobody reads the pipe any more: what was lent to it and not
   *     read when this closes is released then
   */
  public static PipeWriter open(
      IoEventLoop loop,
      int descriptor,
      ByteBufAllocator allocator,
      Listener to,
      CompletionStage<?> readerEnd)
      throws IOException {
    return new PipeWriter(loop, descriptor, allocator, to, readerEnd);
  }

  /** Queues the bytes and takes their release; {@link #flush} writes them. */
  public void write(ByteBuf bytes) {
    if (pipe.isOpen() && bytes.isReadable()) {
      queue.add(direct(bytes));
    } else {
      bytes.release();
    }
  }

  /** Writes what the pipe takes now; the rest goes out as it drains. */
  public void flush() {
    if (pipe.isOpen()) {
      settleLoans();
    }
    while (isReady && pipe.isOpen() && !queue.isEmpty()) {
      writeOnce();
    }
    isBehind = pipe.isOpen() && !queue.isEmpty();
  }

  /** Whether nothing is queued. */
  public boolean isDrained() {
    return queue.isEmpty();
  }

  /** Drops what is queued, leaves the loop and closes the pipe: the reader sees its end. */
  @Override
  public void close() {
    pipe.close();
  }

  private void settleLoans() {
    try {
      loans.settle();
    } catch (NativeException e) {
      fail(e, false);
    }
  }

  private void writeOnce() {
    long bytes = gather();
    try {
      if (isLending && bytes >= LEAST_LENT) {
        lend();
      } else {
        copy();
      }
    } catch (NativeIoException e) {
      fail(e, e.expectedErr() == Errors.ERRNO_EPIPE_NEGATIVE);
    } catch (IOException e) {
      fail(e, false);
    }
  }

  private long gather() {
    vectors.clear();
    Iterator<ByteBuf> next = queue.iterator();
    boolean isRoomLeft = true;
    while (isRoomLeft && next.hasNext()) {
      ByteBuf bytes = next.next();
      isRoomLeft = vectors.add(bytes, bytes.readerIndex(), bytes.readableBytes());
    }
    return vectors.size();
  }

  private void lend() {
    try {
      long lent = loans.lend(vectors);
      isReady = lent > 0;
      take(lent, loans::lent);
    } catch (NativeException _) {
      // A kernel or a sandbox without vmsplice(2), or no reader: a copy works, or says why not.
      isLending = false;
    }
  }

  private void copy() throws IOException {
    long written = pipe.fd().writevAddresses(vectors.memoryAddress(0), vectors.count());
    isReady = written > 0;
    loans.copied(written);
    take(written, ByteBuf::release);
  }

  private void take(long bytes, Consumer<ByteBuf> taker) {
    long left = bytes;
    while (left > 0) {
      ByteBuf first = queue.element();
      int part = (int) Math.min(left, first.readableBytes());
      left -= part;
      taker.accept(part == first.readableBytes() ? queue.remove() : first.readRetainedSlice(part));
    }
  }

  /** The JDK's TLS engine decrypts to the heap, which writev(2) cannot reach. */
  private ByteBuf direct(ByteBuf bytes) {
    if (bytes.isDirect() && bytes.nioBufferCount() == 1) {
      return bytes;
    }
    try {
      return allocator.directBuffer(bytes.readableBytes()).writeBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  private void fail(IOException cause, boolean isBroken) {
    close();
    if (isBroken) {
      listener.broken();
    } else {
      listener.failed(cause);
    }
  }

  private final class Events implements ChildPipe.Listener {
    @Override
    public void ready() {
      isReady = true;
      if (isBehind) {
        flush();
        if (!isBehind && pipe.isOpen()) {
          listener.drained();
        }
      }
    }

    @Override
    public void broken() {
      close();
      listener.broken();
    }

    @Override
    public void closed() {
      queue.forEach(ByteBuf::release);
      queue.clear();
      vectors.release();
      loans.settleAfter(readerEnd);
    }
  }
}
