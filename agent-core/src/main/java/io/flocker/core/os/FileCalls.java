package io.flocker.core.os;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks file systems that may never answer: one whose server has stopped keeps whoever asks in the
 * kernel, where nothing interrupts them. A virtual thread would keep its carrier there too, of
 * which there are as many as cores. So each call has a platform thread, of which there are a few,
 * and the caller waits for it until a deadline.
 *
 * <p>A thread that is kept longer is stuck, and counts until the kernel gives it back. Meanwhile
 * nobody asks the same place again, and once all threads are stuck, nobody asks anything. Any
 * thread may call, but for event loops.
 */
public final class FileCalls {
  /** What is asked. */
  @FunctionalInterface
  public interface Call<T> {
    T make() throws IOException;
  }

  /**
   * A call that does not end.
   *
   * @param place what it asks
   * @param since when it began
   */
  public record Stuck(Path place, Instant since) {}

  private record Running(Path place, Instant since, long sinceNanos) {
    boolean isAsOldAs(Duration age) {
      return System.nanoTime() - sinceNanos >= age.toNanos();
    }
  }

  /** As many as commands of ZFS, of which each may be followed by one. */
  private static final int LIMIT = 16;

  /** As long as a command of ZFS may take, if nobody has set that. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Whoever changes something writes now and then one small file. */
  private static final int STATE_LIMIT = 4;

  /** As long as a change waits for the database, which lies on the same disk. */
  private static final Duration STATE_DEADLINE = Duration.ofSeconds(10);

  private static final FileCalls OF_THIS_PROCESS = new FileCalls(LIMIT, DEADLINE);
  private static final FileCalls OF_STATE = new FileCalls(STATE_LIMIT, STATE_DEADLINE);

  private final int limit;
  private final Duration deadline;
  private final Semaphore free;
  private final Map<FutureTask<?>, Running> running = new ConcurrentHashMap<>();

  /**
   * Calls of their own.
   *
   * @param limit how many may go on at once
   * @param deadline how long a caller waits for a thread, and then for the answer
   */
  FileCalls(int limit, Duration deadline) {
    this.limit = limit;
    this.deadline = deadline;
    this.free = new Semaphore(limit, true);
  }

  /**
   * Has {@code call} made on a thread of this process's few.
   *
   * @param place the folder or mountpoint that it asks
   * @throws SilentFileSystemException naming the place; the call may yet be made
   * @throws InterruptedIOException if the caller was interrupted, and is so still; the call may yet
   *     be made
   * @throws IOException as the call did
   */
  public static <T> T ask(Path place, Call<T> call) throws IOException {
    return OF_THIS_PROCESS.make(place, call);
  }

  /**
   * The same of the state folder: given up sooner, and on threads that no mount can keep.
   *
   * @param folder the one place as which all of its files are asked
   */
  public static <T> T askState(Path folder, Call<T> call) throws IOException {
    return OF_STATE.make(folder, call);
  }

  /** The calls of this process that do not end, the oldest first. */
  public static List<Stuck> ofThisProcess() {
    return Stream.of(OF_THIS_PROCESS, OF_STATE)
        .flatMap(calls -> calls.stuck().stream())
        .sorted(Comparator.comparing(Stuck::since))
        .toList();
  }

  <T> T make(Path place, Call<T> call) throws IOException {
    FutureTask<T> task = new FutureTask<>(call::make);
    try {
      requireAnswering(place);
      if (!free.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SilentFileSystemException(
            "%s was not asked: %d other calls did not end within %d s"
                .formatted(place, limit, deadline.toSeconds()));
      }
      start(place, task);
      return task.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new SilentFileSystemException(
          "%s did not answer within %d s".formatted(place, deadline.toSeconds()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the wait for " + place + " was interrupted");
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    }
  }

  List<Stuck> stuck() {
    return running.values().stream()
        .filter(one -> one.isAsOldAs(deadline))
        .map(one -> new Stuck(one.place(), one.since()))
        .sorted(Comparator.comparing(Stuck::since))
        .toList();
  }

  private void requireAnswering(Path place) throws SilentFileSystemException {
    List<Stuck> stuck = stuck();
    for (Stuck one : stuck) {
      if (one.place().equals(place)) {
        throw new SilentFileSystemException(
            "%s has not answered since %s".formatted(place, one.since()));
      }
    }
    if (stuck.size() == limit) {
      throw new SilentFileSystemException(
          "%s was not asked: %d others, such as %s, have not answered since %s"
              .formatted(place, limit, stuck.getFirst().place(), stuck.getLast().since()));
    }
  }

  /** A thread of its own each time: these calls are few, and none should keep threads in store. */
  private void start(Path place, FutureTask<?> task) {
    running.put(task, new Running(place, Instant.now(), System.nanoTime()));
    try {
      var _ = Thread.ofPlatform().daemon().name("file-call " + place).start(() -> run(task));
    } catch (RuntimeException | Error e) { // Of threads there are no more.
      end(task);
      throw e;
    }
  }

  private void run(FutureTask<?> task) {
    try {
      task.run();
    } finally {
      end(task);
    }
  }

  private void end(FutureTask<?> task) {
    running.remove(task);
    free.release();
  }

  private static IOException thrown(@Nullable Throwable cause) throws IOException {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new AssertionError(cause);
    };
  }
}
