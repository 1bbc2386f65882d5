package io.flocker.cli.logs;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** The lines of several logs that grow, as they come. One thread reads, one more for each log. */
final class LogArrivals implements LineSource {
  private static final int MOST_WAITING = 256;

  private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(MOST_WAITING);
  private int going;

  /** What has come; neither of both at the end of a log. */
  private record Arrival(LogLines.@Nullable Line line, @Nullable IOException failure) {}

  LogArrivals(List<LogLines> logs) {
    this.going = logs.size();
    for (LogLines log : logs) {
      var _ = Thread.ofVirtual().name("log-reader").start(() -> read(log));
    }
  }

  private void read(LogLines log) {
    try {
      LogLines.Line line;
      do {
        line = log.next();
        arrivals.put(new Arrival(line, null));
      } while (line != null);
    } catch (IOException e) {
      tellFailure(e);
    } catch (RuntimeException e) {
      tellFailure(new IOException(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellFailure(IOException failure) {
    try {
      arrivals.put(new Arrival(null, failure));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public LogLines.@Nullable Line next() throws IOException, InterruptedException {
    while (going > 0) {
      Arrival arrival = arrivals.take();
      if (arrival.failure() != null) {
        throw arrival.failure();
      }
      if (arrival.line() != null) {
        return arrival.line();
      }
      going--;
    }
    return null;
  }
}
