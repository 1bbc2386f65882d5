package io.flocker.http.docker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request to the engine and its answer, which one thread takes part by part. The engine is read
 * only while that thread waits: what is held of an answer is what one read of the socket has
 * brought, however long the answer is.
 *
 * <p>Made by {@link EngineSocket}, closed by whoever asked for it.
 */
final class EngineExchange extends ChannelInboundHandlerAdapter implements AutoCloseable {
  /** What the loop tells the thread that waits. */
  private sealed interface Part {
    record Head(int status, HttpHeaders headers) implements Part {}

    record Bytes(ByteBuffer bytes) implements Part {}

    record End() implements Part {}

    record Lost(IOException cause) implements Part {}
  }

  /** The connection never was: the request has not been seen by anybody. */
  static final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1;

    UnreachableException(Throwable cause) {
      super(cause);
    }
  }

  /** What came is no HTTP. */
  static final class NotHttpException extends IOException {
    private static final long serialVersionUID = 1;

    NotHttpException(@Nullable Throwable cause) {
      super(cause);
    }
  }

  /** An answer's beginning. */
  record Head(int status, HttpHeaders headers) {}

  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();

  // Of the event loop.
  private boolean hasTold;

  /** Set on the event loop before anything is read. */
  private volatile @Nullable ChannelHandlerContext context;

  private volatile boolean isClosed;

  /** Of the thread that takes the answer: how it ended, if it has. */
  private @Nullable Part last;

  /**
   * Waits for the answer to begin.
   *
   * @throws TimeoutException if it has not by then
   * @throws IOException if the connection was lost, or never was
   */
  Head head(Deadline deadline) throws IOException, TimeoutException, InterruptedException {
    return switch (take(deadline.left())) {
      case Part.Head(int status, HttpHeaders headers) -> new Head(status, headers);
      case Part.Lost(IOException cause) -> throw cause;
      case Part.Bytes _, Part.End _ -> throw new NotHttpException(null);
    };
  }

  /**
   * Waits for more of the body.
   *
   * @param patience how long nothing may come
   * @return empty at its end
   * @throws TimeoutException if nothing has come; this may be asked again
   * @throws IOException if the connection was lost before the end
   */
  Optional<byte[]> next(Duration patience)
      throws IOException, TimeoutException, InterruptedException {
    return switch (take(patience)) {
      case Part.Bytes(ByteBuffer bytes) -> Optional.of(copy(bytes));
      case Part.End _ -> Optional.empty();
      case Part.Lost(IOException cause) -> throw cause;
      case Part.Head _ -> throw new NotHttpException(null);
    };
  }

  /** Ends the connection, whatever is still to come. Idempotent; any thread. */
  @Override
  public void close() {
    isClosed = true;
    ChannelHandlerContext running = context;
    if (running != null) {
      var _ = running.close();
    }
  }

  /** There was no connection. */
  void unreachable(Throwable cause) {
    tell(new Part.Lost(new UnreachableException(cause)));
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  private Part take(Duration patience) throws TimeoutException, InterruptedException {
    if (last != null) {
      return last;
    }
    Part part = parts.poll();
    if (part == null) {
      ChannelHandlerContext running = context;
      if (running != null) {
        running.executor().execute(() -> readOn(running));
      }
      part = parts.poll(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
    }
    if (part == null) {
      throw new TimeoutException();
    }
    if (part instanceof Part.End || part instanceof Part.Lost) {
      last = part;
    }
    return part;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (isClosed) {
      var _ = ctx.close();
    } else {
      readOn(ctx); // The thread may wait already, since before there was a context.
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
        tell(new Part.Lost(new NotHttpException(part.decoderResult().cause())));
        var _ = ctx.close();
        return;
      }
      if (message instanceof HttpResponse response) {
        tell(new Part.Head(response.status().code(), response.headers()));
      }
      if (message instanceof HttpContent content) {
        if (content.content().isReadable()) {
          byte[] bytes = new byte[content.content().readableBytes()];
          content.content().readBytes(bytes);
          tell(new Part.Bytes(ByteBuffer.wrap(bytes)));
        }
        if (message instanceof LastHttpContent) {
          tell(new Part.End());
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!hasTold) { // Half of a head or of a chunk's size is nothing to tell.
      readOn(ctx);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    tell(new Part.Lost(new ClosedChannelException()));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    tell(new Part.Lost(cause instanceof IOException io ? io : new IOException(cause)));
    var _ = ctx.close();
  }

  private void readOn(ChannelHandlerContext ctx) {
    hasTold = false;
    var _ = ctx.read();
  }

  private void tell(Part part) {
    hasTold = true;
    boolean _ = parts.offer(part);
  }
}
