package io.flocker.cli.join;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Cuts a connection off at a time, whatever it is at: a timeout of each read would let who sends a
 * byte now and then stay for ever. One thread.
 */
final class ConnectionDeadline implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final Socket socket;
  private Future<?> cut;

  private ConnectionDeadline(Socket socket, Future<?> cut) {
    this.socket = socket;
    this.cut = cut;
  }

  static ConnectionDeadline of(Socket socket, Duration time) {
    return new ConnectionDeadline(socket, schedule(socket, time));
  }

  /** So long from now instead. */
  void extend(Duration time) {
    boolean _ = cut.cancel(false);
    cut = schedule(socket, time);
  }

  @Override
  public void close() {
    boolean _ = cut.cancel(false);
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("deadline").factory());
    clock.setRemoveOnCancelPolicy(true); // Else strangers could fill it with what is over.
    return clock;
  }

  private static Future<?> schedule(Socket socket, Duration time) {
    return CLOCK.schedule(() -> cut(socket), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed to us all the same.
    }
  }
}
