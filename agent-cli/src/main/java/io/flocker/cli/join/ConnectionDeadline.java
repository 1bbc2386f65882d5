package io.flocker.cli.join;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection at a set time, whatever happens on it: with a timeout for each read, somebody
 * who sends a byte now and then could stay for ever. One thread.
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

  /** Sets another time, counted from now. */
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
    // Else strangers could fill it with the ends of connections that are closed.
    clock.setRemoveOnCancelPolicy(true);
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
