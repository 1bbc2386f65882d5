package io.flocker.transfer.pipe;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Our end of one pipe, registered with an event loop; owns its descriptor. On the loop only, but
 * for {@link #close}.
 *
 * <p>Registered once, edge-triggered: whoever stops reading or writing need not tell epoll, so that
 * backpressure costs no system call. (Taking all interest away would not do: Netty 4.2.18 then
 * deletes the descriptor from epoll and fails to modify it later.)
 */
final class ChildPipe implements EpollIoHandle {
  /** What the owner of a pipe hears of it. */
  interface Listener {
    /** The pipe may have become ready; comes again only after an operation has found it unready. */
    void ready();

    /** The other end is gone, which a writer hears even while it does not write. */
    void broken();

    /** The loop ends, or somebody called {@link #close}: called once, and nothing after it. */
    void closed();
  }

  private final IoEventLoop loop;
  private final FileDescriptor descriptor;
  private final Listener listener;
  private @Nullable IoRegistration registration;
  private boolean isClosed;

  private ChildPipe(IoEventLoop loop, int descriptor, Listener listener) {
    this.loop = loop;
    this.descriptor = new FileDescriptor(descriptor);
    this.listener = listener;
  }

  /**
   * Registers the non-blocking {@code descriptor}, which this now owns.
   *
   * @throws IOException when the loop does not take it; the descriptor is closed then
   */
  static ChildPipe open(IoEventLoop loop, int descriptor, EpollIoOps direction, Listener listener)
      throws IOException {
    ChildPipe pipe = new ChildPipe(loop, descriptor, listener);
    try {
      pipe.register(direction);
      return pipe;
    } catch (IOException | RuntimeException e) {
      pipe.close();
      throw e;
    }
  }

  private void register(EpollIoOps direction) throws IOException {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException("open the pipe on its own event loop");
    }
    // On the loop itself the registration is there when the call returns.
    Future<IoRegistration> registered = loop.register(this);
    if (!registered.isSuccess()) {
      throw new IOException("cannot register " + descriptor, registered.cause());
    }
    registration = registered.getNow();
    registration.submit(direction.with(EpollIoOps.EPOLLET));
  }

  @Override
  public FileDescriptor fd() {
    return descriptor;
  }

  boolean isOpen() {
    return !isClosed;
  }

  /** Runs {@code task} in the loop's next turn, so that one busy pipe does not starve the rest. */
  void yieldTo(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void handle(IoRegistration ours, IoEvent event) {
    EpollIoOps ops = ((EpollIoEvent) event).ops();
    if (isOpen() && ops.contains(EpollIoOps.EPOLLERR)) {
      listener.broken();
    }
    if (isOpen()) {
      listener.ready();
    }
  }

  /** Leaves the loop and closes the descriptor. Any thread; idempotent. */
  @Override
  public void close() {
    if (loop.inEventLoop()) {
      closeOnLoop();
      return;
    }
    try {
      loop.execute(this::closeOnLoop);
    } catch (RejectedExecutionException _) {
      // The loop has ended, and has closed whatever was registered with it.
    }
  }

  private void closeOnLoop() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (registration != null) {
      registration.cancel();
    }
    try {
      descriptor.close();
    } catch (IOException _) {
      // Linux has freed the descriptor whatever close(2) says, and a pipe has nothing to flush.
    }
    listener.closed();
  }
}
