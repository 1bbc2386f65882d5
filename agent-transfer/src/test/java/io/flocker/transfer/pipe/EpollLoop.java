package io.flocker.transfer.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One real epoll event loop a test. */
public final class EpollLoop implements AfterEachCallback, AutoCloseable {
  private static final int PATIENCE_S = 120;

  /** A step of a test that runs on the loop. */
  @FunctionalInterface
  public interface Step {
    void run() throws Exception;
  }

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  public IoEventLoop loop() {
    return group.next();
  }

  /** Runs {@code step} on the loop and waits for it. */
  public void run(Step step) throws Exception {
    call(() -> {
      step.run();
      return true;
    });
  }

  /** Asks on the loop. */
  public <T> T call(Callable<T> question) throws Exception {
    return loop().submit(question).get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** Lets everything happen that waits for its turn on the loop. */
  public void settle() throws Exception {
    if (!group.isTerminated()) {
      run(() -> {});
    }
  }

  /** Waits until all memory is given back: what a child was lent is once its end is told. */
  public void awaitReleased(UnpooledByteBufAllocator allocator) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    do {
      settle();
    } while (allocator.metric().usedDirectMemory() > 0 && System.nanoTime() < deadline);
    assertEquals(0, allocator.metric().usedDirectMemory());
  }

  /** Ends the loop as a daemon does, and waits for its end. */
  public void stop() throws InterruptedException {
    // Without a quiet period Netty 4.2.18 may leave out closing what is registered.
    shutDown(1);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    try {
      shutDown(0);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void shutDown(int quietMs) throws InterruptedException {
    long patienceMs = TimeUnit.SECONDS.toMillis(PATIENCE_S);
    var _ = group.shutdownGracefully(quietMs, patienceMs, TimeUnit.MILLISECONDS);
    assertTrue(group.awaitTermination(PATIENCE_S, TimeUnit.SECONDS));
  }
}
