package io.flocker.http.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;

/**
 * How every socket is set up: for streams of any length, whose peer may pause for minutes.
 *
 * <p>TCP_USER_TIMEOUT is never set: a slow receiver's zero window counts as silence.
 */
public final class SocketOptions {
  /** Most that one read from a socket brings, in bytes. */
  public static final int READ_BYTES = 768 * 1024;

  private static final int LOCAL_READ_BYTES = 64 * 1024;
  private static final int FIRST_READ_BYTES = 16 * 1024;
  private static final int LEAST_READ_BYTES = 2 * 1024;

  /**
   * Above it a channel is not writable; this and one read bound what waits for a slow peer, in
   * bytes. Less than a read, so that nothing is read before the last one is nearly gone.
   */
  private static final int HIGH_WATER_BYTES = 512 * 1024;

  private static final int LOW_WATER_BYTES = 256 * 1024;

  private static final int BACKLOG = 1024;

  /** A peer whose machine vanished is noticed after 30 + 3 * 10 s without traffic; see tcp(7). */
  private static final int KEEP_IDLE_SECONDS = 30;

  private static final int KEEP_INTERVAL_SECONDS = 10;
  private static final int KEEP_COUNT = 3;

  private SocketOptions() {}

  /** Sets up a listening socket and those that it accepts, which read only when they are told. */
  public static ServerBootstrap applyTo(ServerBootstrap bootstrap) {
    bootstrap.option(ChannelOption.SO_BACKLOG, BACKLOG);
    bootstrap.option(ChannelOption.SO_REUSEADDR, true);
    bootstrap.childOption(ChannelOption.AUTO_READ, false);
    applyCommon(bootstrap::childOption);
    return bootstrap;
  }

  /**
   * Sets up a connecting socket. It stays open when a write fails: the peer's early response may
   * wait to be read.
   */
  public static Bootstrap applyTo(Bootstrap bootstrap) {
    bootstrap.option(ChannelOption.AUTO_CLOSE, false);
    applyCommon(bootstrap::option);
    return bootstrap;
  }

  /**
   * Sets up a connecting UNIX socket, which reads only when it is told, and then once: no more than
   * one read waits to be taken.
   */
  public static Bootstrap applyToLocal(Bootstrap bootstrap) {
    return bootstrap
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.ALLOCATOR, Buffers.pool())
        .option(ChannelOption.RECVBUF_ALLOCATOR, localReads());
  }

  /** Sets up a listening UNIX socket and those that it accepts, which read as those do. */
  public static ServerBootstrap applyToLocal(ServerBootstrap bootstrap) {
    return bootstrap
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOCATOR, Buffers.pool())
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, localReads());
  }

  private static RecvByteBufAllocator localReads() {
    return new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, LOCAL_READ_BYTES)
        .maxMessagesPerRead(1);
  }

  private static void applyCommon(Setter options) {
    options.set(ChannelOption.ALLOCATOR, Buffers.pool());
    options.set(ChannelOption.TCP_NODELAY, true);
    options.set(ChannelOption.SO_KEEPALIVE, true);
    options.set(EpollChannelOption.TCP_KEEPIDLE, KEEP_IDLE_SECONDS);
    options.set(EpollChannelOption.TCP_KEEPINTVL, KEEP_INTERVAL_SECONDS);
    options.set(EpollChannelOption.TCP_KEEPCNT, KEEP_COUNT);
    options.set(
        ChannelOption.WRITE_BUFFER_WATER_MARK,
        new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES));
    options.set(
        ChannelOption.RECVBUF_ALLOCATOR,
        new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, READ_BYTES));
  }

  /** One of the two ways in which a bootstrap takes an option. */
  private interface Setter {
    <T> void set(ChannelOption<T> option, T value);
  }
}
