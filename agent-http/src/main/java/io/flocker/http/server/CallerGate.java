package io.flocker.http.server;

import io.flocker.core.identity.Certified;
import io.flocker.http.tls.TlsContexts;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Optional;
import java.util.function.Function;

/** Waits for the handshake, then makes way for the connection of the caller that TLS has named. */
final class CallerGate extends ChannelInboundHandlerAdapter {
  private final SslHandler tls;
  private final Function<Certified, Optional<HttpConnection>> connections;
  private final RefusedHandshakes refused;

  /**
   * Waits for the handshake of {@code tls}.
   *
   * @param connections makes the connection of a caller; empty where there are too many
   */
  CallerGate(
      SslHandler tls,
      Function<Certified, Optional<HttpConnection>> connections,
      RefusedHandshakes refused) {
    this.tls = tls;
    this.connections = connections;
    this.refused = refused;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent handshake when handshake.isSuccess() -> admit(ctx);
      case SslHandshakeCompletionEvent handshake -> {
        refused.add(ctx.channel(), handshake.cause());
        close(ctx);
      }
      case Ending _ -> close(ctx);
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The handshake's completion event tells of it.
    close(ctx);
  }

  private void admit(ChannelHandlerContext ctx) {
    Optional<Certified> caller = TlsContexts.caller(tls);
    if (caller.isEmpty()) {
      refuse(ctx, "the certificate names nobody");
      return;
    }
    Optional<HttpConnection> connection = connections.apply(caller.get());
    if (connection.isPresent()) {
      connection.get().install(ctx.pipeline());
      ctx.pipeline().remove(this);
    } else {
      refuse(ctx, "there are too many connections");
    }
  }

  private void refuse(ChannelHandlerContext ctx, String reason) {
    refused.add(ctx.channel(), reason);
    close(ctx);
  }

  private static void close(ChannelHandlerContext ctx) {
    var _ = ctx.close();
  }
}
