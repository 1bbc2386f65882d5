package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.identity.Principal;
import io.flocker.http.net.SocketOptions;
import io.flocker.http.tls.TlsContexts;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Optional;

/**
 * Lets no byte of a request out before the certificate at the other end has named the node that was
 * meant; then makes way for HTTP.
 */
final class IdentityGate extends ChannelInboundHandlerAdapter {
  private final SslHandler tls;
  private final PeerConnection connection;
  private final ConnectionPool pool;
  private final PeerExchange exchange;

  IdentityGate(
      SslHandler tls, PeerConnection connection, ConnectionPool pool, PeerExchange exchange) {
    this.tls = tls;
    this.connection = connection;
    this.pool = pool;
    this.exchange = exchange;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        identify(ctx);
      } else {
        give(ctx, ConnectionFailure.unreachable(connection.peer(), handshake.cause()));
      }
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The handshake's completion event tells of it.
    var _ = ctx.close();
  }

  private void identify(ChannelHandlerContext ctx) {
    Optional<Principal> server = TlsContexts.server(tls);
    Principal meant = new Principal.Node(connection.peer().node());
    if (!server.equals(Optional.of(meant))) {
      String found = server.map(Principal::name).orElse("nobody");
      give(
          ctx,
          ConnectionFailure.otherIdentity(
              connection.peer(), "its certificate names " + found + ", not " + meant.name()));
      return;
    }
    HttpDecoderConfig config = new HttpDecoderConfig().setMaxChunkSize(SocketOptions.READ_BYTES);
    ctx.pipeline().addLast(new HttpClientCodec(config, false, false), connection);
    ctx.pipeline().remove(this);
    if (exchange.isOver()) {
      pool.keep(connection);
    } else {
      connection.start(exchange);
    }
  }

  private void give(ChannelHandlerContext ctx, FailureException failure) {
    var _ = ctx.close();
    exchange.lost(failure, false);
  }
}
