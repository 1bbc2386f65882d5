package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedReadingTest {
  private static final int LATER = 8;

  private final AtomicInteger readings = new AtomicInteger();
  private final CountDownLatch firstReads = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @Test
  void thoseWhoComeWhileOneReadsShareTheNextReading() throws Exception {
    SharedReading<Integer> reading = new SharedReading<>(this::read);
    List<Integer> answers = askAll(reading);
    assertEquals(1, answers.removeFirst());
    answers.forEach(answer -> assertEquals(2, answer));
    assertEquals(3, reading.read());
  }

  @Test
  void aFailureIsSharedToo() {
    SharedReading<Integer> reading =
        new SharedReading<>(() -> {
          int number = read();
          if (number == 2) {
            throw StorageFailure.ZFS_TIMEOUT.because("reading " + number);
          }
          return number;
        });
    assertThrows(ExecutionException.class, () -> askAll(reading));
    assertEquals(2, readings.get());
  }

  @Test
  void whoeverIsToldToStopStopsNobodyElse() throws Exception {
    SharedReading<Integer> reading =
        new SharedReading<>(() -> {
          int number = read();
          if (number == 2) {
            throw TransferFailure.CANCELLED.because("reading " + number);
          }
          return number;
        });
    List<FutureTask<Integer>> asked = ask(reading);
    int stopped = 0;
    for (FutureTask<Integer> task : asked) {
      try {
        var _ = task.get();
      } catch (ExecutionException _) {
        stopped++;
      }
    }
    assertEquals(1, stopped);
  }

  private Integer read() throws FailureException {
    int number = readings.incrementAndGet();
    if (number == 1) {
      firstReads.countDown();
      awaitEnd();
    }
    return number;
  }

  private void awaitEnd() {
    try {
      mayEnd.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** One who reads, and many who come while he does. */
  private List<FutureTask<Integer>> ask(SharedReading<Integer> reading) throws Exception {
    List<FutureTask<Integer>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i <= LATER; i++) {
      FutureTask<Integer> task = new FutureTask<>(reading::read);
      tasks.add(task);
      Thread thread = Thread.ofPlatform().start(task);
      threads.add(thread);
      if (i == 0) {
        firstReads.await();
      }
    }
    for (Thread thread : threads.subList(1, threads.size())) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    mayEnd.countDown();
    return tasks;
  }

  private List<Integer> askAll(SharedReading<Integer> reading) throws Exception {
    List<Integer> answers = new ArrayList<>();
    for (FutureTask<Integer> task : ask(reading)) {
      answers.add(task.get());
    }
    return answers;
  }
}
