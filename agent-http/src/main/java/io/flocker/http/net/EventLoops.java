package io.flocker.http.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The daemon's epoll loops, shared by its server and its clients. Any thread may call. */
public final class EventLoops implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private final EventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();

  private EventLoops(EventLoopGroup group) {
    this.group = group;
    for (EventExecutor loop : group) {
      loops.add((EventLoop) loop);
      // A loop of Netty 4.2 with nothing scheduled wakes once a second to look for work.
      var _ = loop.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.DAYS);
    }
  }

  /**
   * Starts {@code count} loops.
   *
   * @throws UnsatisfiedLinkError if Netty's epoll library does not load here
   */
  public static EventLoops start(int count) {
    DefaultThreadFactory threads = new DefaultThreadFactory("http-loop");
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(count, threads, EpollIoHandler.newFactory()));
  }

  /** All of them, for a Netty bootstrap. */
  public EventLoopGroup group() {
    return group;
  }

  /** One of them, in turn. */
  public EventLoop next() {
    return group.next();
  }

  /** Always the same one for equal keys, so that what is pooled there is found again. */
  public EventLoop of(Object key) {
    return loops.get(Math.floorMod(key.hashCode(), loops.size()));
  }

  /** Whether each of them does what it is asked to within {@code patience}. Blocks. */
  public boolean answer(Duration patience) {
    CountDownLatch silent = new CountDownLatch(loops.size());
    loops.forEach(loop -> loop.execute(silent::countDown));
    try {
      return silent.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * How long the slowest of them takes to come to what it is asked for now. Blocks.
   *
   * @param most when that is enough to know
   */
  public Duration delay(Duration most) {
    long begunNanos = System.nanoTime();
    return answer(most) ? Duration.ofNanos(System.nanoTime() - begunNanos) : most;
  }

  /** Ends the loops and waits for their threads, at most {@value #CLOSE_SECONDS} s. */
  @Override
  public void close() {
    // Without any quiet period Netty 4.2 may leave registered pipes unclosed.
    var ended = group.shutdownGracefully(1, CLOSE_SECONDS * 1_000, TimeUnit.MILLISECONDS);
    boolean _ = ended.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
