package io.flocker.transfer.pipe;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One real epoll event loop a test. */
public final class EpollLoop implements AfterEachCallback {
  private static final int PATIENCE_S = 30;

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

  /** Ends the loop now. */
  public void stop() throws InterruptedException {
    group.shutdownGracefully(0, PATIENCE_S, TimeUnit.SECONDS).await(PATIENCE_S, TimeUnit.SECONDS);
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    stop();
  }
}
