package io.flocker.http.docker;

import io.flocker.http.net.EventLoops;
import io.flocker.http.net.SocketOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Where the engine listens. Each exchange has a connection of its own: to a UNIX socket that costs
 * less than to find out whether an old one still lives. Any thread may call.
 */
final class EngineSocket implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private final EventLoops loops;
  private final Path path;
  private final ChannelGroup channels;

  EngineSocket(EventLoops loops, Path path) {
    this.loops = loops;
    this.path = path;
    this.channels = new DefaultChannelGroup(loops.next(), true);
  }

  /** Sends a request on a connection of its own; the exchange tells all else. */
  EngineExchange send(HttpMethod method, String target, byte[] body) {
    EngineExchange exchange = new EngineExchange();
    Bootstrap bootstrap =
        SocketOptions.applyToLocal(new Bootstrap())
            .group(loops.next())
            .channel(EpollDomainSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channels.add(channel);
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(new HttpDecoderConfig(), false, false), exchange);
                  }
                });
    bootstrap
        .connect(new DomainSocketAddress(path.toString()))
        .addListener((ChannelFuture connected) -> {
          if (connected.isSuccess()) {
            var _ = connected.channel().writeAndFlush(request(method, target, body));
          } else {
            exchange.unreachable(connected.cause());
          }
        });
    return exchange;
  }

  /** Ends every exchange; whoever waits for one hears that it was lost. */
  @Override
  public void close() {
    boolean _ = channels.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  /** Such as "unix:///var/run/docker.sock". */
  @Override
  public String toString() {
    return "unix://" + path;
  }

  private static FullHttpRequest request(HttpMethod method, String target, byte[] body) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, method, target, Unpooled.wrappedBuffer(body));
    request
        .headers()
        .set(HttpHeaderNames.HOST, "docker")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (body.length > 0) {
      request.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    }
    return request;
  }
}
