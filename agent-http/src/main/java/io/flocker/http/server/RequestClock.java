package io.flocker.http.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose next request, or its JSON body, does not come in time, however slowly
 * its bytes drip. Sits before the decoder, since it has to see a request's first byte.
 */
final class RequestClock extends ChannelInboundHandlerAdapter {
  private final HttpsServerSettings.Deadlines deadlines;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> deadline;
  private boolean isIdle;
  private boolean hasBegun;

  RequestClock(HttpsServerSettings.Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    // A caller that has just shaken hands has something to say.
    isIdle = false;
    start(deadlines.head());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    begin();
    ctx.fireChannelRead(bytes);
  }

  /** Something of a request is here. */
  void begin() {
    hasBegun = true;
    if (isIdle) {
      isIdle = false;
      start(deadlines.head());
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }

  /** Whether anything has come since the last response. */
  boolean hasBegun() {
    return hasBegun;
  }

  /** The headers are here; the body of a JSON request has its own deadline. */
  void awaitBody() {
    start(deadlines.body());
  }

  /** Nothing is awaited from the caller, or a stream that has no deadline. */
  void stop() {
    if (deadline != null) {
      boolean _ = deadline.cancel(false);
      deadline = null;
    }
    isIdle = false;
  }

  /** The response is out; the next request may take its time to begin. */
  void awaitRequest() {
    start(deadlines.idle());
    isIdle = true;
    hasBegun = false;
  }

  private void start(Duration time) {
    stop();
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      deadline = ctx.executor().schedule(() -> close(ctx), time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private static void close(ChannelHandlerContext ctx) {
    var _ = ctx.close();
  }
}
