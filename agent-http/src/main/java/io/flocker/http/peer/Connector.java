package io.flocker.http.peer;

import io.flocker.http.net.SharedBudget;
import io.flocker.http.net.SocketOptions;
import io.flocker.http.tls.TlsContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslHandler;

/** Opens connections for exchanges that find none in the pool. Any event loop. */
final class Connector {
  private final TlsContexts tls;
  private final PeerClientSettings settings;
  private final ChannelGroup channels;
  private final VirtualThreadResolver names;
  private final SharedBudget answers;

  Connector(
      TlsContexts tls,
      PeerClientSettings settings,
      ChannelGroup channels,
      VirtualThreadResolver names,
      SharedBudget answers) {
    this.tls = tls;
    this.settings = settings;
    this.channels = channels;
    this.names = names;
    this.answers = answers;
  }

  /** Connects and starts {@code exchange}, or tells it why not. */
  void connect(ConnectionPool pool, PeerExchange exchange) {
    PeerAddress peer = exchange.peer();
    Bootstrap bootstrap =
        SocketOptions.applyTo(new Bootstrap())
            .group(pool.loop())
            .channel(EpollSocketChannel.class)
            .resolver(names)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(settings.connect().toMillis()))
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    initialize(channel, pool, exchange);
                  }
                });
    bootstrap
        .connect(peer.place().host(), peer.place().port())
        .addListener((ChannelFuture connected) -> {
          if (!connected.isSuccess()) {
            exchange.lost(ConnectionFailure.unreachable(peer, connected.cause()), false);
          }
        });
  }

  private void initialize(Channel channel, ConnectionPool pool, PeerExchange exchange) {
    PeerAddress peer = exchange.peer();
    channels.add(channel);
    SslHandler handler =
        tls.clientHandler(channel.alloc(), peer.place().host(), peer.place().port());
    PeerConnection connection =
        new PeerConnection(channel, peer, pool, settings.maxResponseBytes(), answers);
    channel.pipeline().addLast(handler, new IdentityGate(handler, connection, pool, exchange));
  }
}
