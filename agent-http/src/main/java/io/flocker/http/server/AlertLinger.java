package io.flocker.http.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.PromiseNotifier;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets the alert that ends a handshake be read: a socket that is closed while its peer still writes
 * resets the connection, and the alert is lost with it. Closes for writing only, and reads and
 * drops what comes, until the peer has closed or {@link #LINGER} is over. Stands between the socket
 * and TLS until the caller is known. On the event loop.
 */
final class AlertLinger extends ChannelDuplexHandler {
  private static final Duration LINGER = Duration.ofSeconds(1);

  private @Nullable ChannelPromise closing;
  private volatile boolean isAbandoned;

  /**
   * Closes a connection at once, without waiting until its peer has read anything. Any thread may
   * call.
   */
  static void abandon(Channel channel) {
    ChannelHandlerContext own = channel.pipeline().context(AlertLinger.class);
    if (own != null && own.handler() instanceof AlertLinger linger) {
      linger.isAbandoned = true;
    }
    var _ = own == null ? channel.close() : own.close();
  }

  /** Whether that is how the connection ended. */
  static boolean isAbandoned(Channel channel) {
    AlertLinger own = channel.pipeline().get(AlertLinger.class);
    return own != null && own.isAbandoned;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    ChannelPromise begun = closing;
    if (begun != null) {
      var _ = PromiseNotifier.cascade(begun, promise);
      return;
    }
    if (!(ctx.channel() instanceof DuplexChannel channel) || !channel.isActive()) {
      var _ = ctx.close(promise);
      return;
    }
    closing = promise;
    var _ = channel.shutdownOutput();
    var _ = ctx.executor().schedule(() -> end(ctx), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closing == null) {
      ctx.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
      ctx.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (closing != null && event == ChannelInputShutdownEvent.INSTANCE) {
      end(ctx);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private void end(ChannelHandlerContext ctx) {
    if (closing != null) {
      var _ = ctx.close(closing);
    }
  }
}
