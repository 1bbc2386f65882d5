package io.flocker.benchmarks;

import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.LogTarget;
import io.flocker.core.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an action costs the log: two messages of Eliot, from the call to the file. A thread that may
 * wait is held up while the queue is full, so this is the pace of the whole, not of the call alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EliotBenchmark {
  private @Nullable Path file;
  private @Nullable Logging logging;

  /** Opens the log. */
  @Setup
  public void open() throws IOException {
    Path temporary = Files.createTempFile("eliot", ".log");
    file = temporary;
    logging = Logging.start(new LogTarget.File(temporary));
  }

  /** Begins and ends well. */
  @Benchmark
  public Action action() {
    Action action =
        Action.startTask(
            ActionType.HTTP_REQUEST,
            Map.of("method", "GET", "path", "/v1/volumes", "caller", "user-benchmark"));
    action.succeed(Map.of("status", 200));
    return action;
  }

  /** Closes and forgets it. */
  @TearDown
  public void close() throws IOException {
    if (logging != null && file != null) {
      logging.close();
      Files.deleteIfExists(file);
    }
  }
}
