package io.flocker.http.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads and drops what the caller still sends after its response, then closes: a socket that closes
 * on unread bytes resets the connection, and the caller might never see the response (RFC 9112,
 * section 9.6).
 */
final class BodyDiscarder extends ChannelInboundHandlerAdapter {
  private static final long MAX_BYTES = 8L * 1024 * 1024;
  private static final long MAX_SECONDS = 2;

  private long bytes;
  private @Nullable Future<?> deadline;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline = ctx.executor().schedule(() -> close(ctx), MAX_SECONDS, TimeUnit.SECONDS);
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpContent content) {
      bytes += content.content().readableBytes();
    }
    ReferenceCountUtil.release(message);
    if (message instanceof LastHttpContent || bytes > MAX_BYTES) {
      close(ctx);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (deadline != null) {
      boolean _ = deadline.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    close(ctx);
  }

  private static void close(ChannelHandlerContext ctx) {
    var _ = ctx.close();
  }
}
