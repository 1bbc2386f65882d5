package io.flocker.core.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Time and turns. Tasks are straight code on virtual threads, of which one runs at a time, until it
 * sleeps or waits: who is next is said by the time and the order of asking alone, so that the same
 * chances lead to the same history.
 */
final class Scheduler {
  /** When something happens; what is asked for first goes first. */
  private record Turn(long atMillis, long order, Runnable what) implements Comparable<Turn> {
    @Override
    public int compareTo(Turn other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** Ends a task of a daemon that was killed. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** One thread of the simulated world. */
  final class Task {
    private final Thread thread;
    private volatile boolean isRunning;
    private volatile Optional<Throwable> failure = Optional.empty();
    private boolean isKilled;
    private boolean isEnded;
    private boolean isStarted;
    private long pauses;

    private Task(Runnable body) {
      this.thread =
          Thread.ofVirtual()
              .unstarted(() -> {
                try {
                  if (!isKilled) {
                    body.run();
                  }
                } catch (Killed _) {
                  // As it is meant.
                } catch (Throwable e) {
                  failure = Optional.of(e);
                } finally {
                  isEnded = true;
                  isRunning = false;
                  LockSupport.unpark(turner);
                }
              });
    }

    /** Ends the task where it waits; its own goes on to its next pause. */
    void kill() {
      if (!isEnded && !isKilled) {
        isKilled = true;
        if (this != current) {
          wakeAfter(0);
        }
      }
    }

    boolean isEnded() {
      return isEnded;
    }

    private void wakeAfter(long millis) {
      long pause = pauses;
      after(
          millis,
          () -> {
            if (pause == pauses && !isEnded) {
              resume(this);
            }
          });
    }

    private void pause() {
      isRunning = false;
      LockSupport.unpark(turner);
      while (!isRunning) {
        LockSupport.park(this);
      }
      if (isKilled) {
        throw new Killed();
      }
    }
  }

  /** What one task waits for and others bring. */
  final class Mailbox<T> {
    private Optional<T> content = Optional.empty();
    private Optional<Task> waiting = Optional.empty();

    /** Brings it; the first counts. */
    void put(T value) {
      if (content.isEmpty()) {
        content = Optional.of(value);
        waiting.ifPresent(task -> task.wakeAfter(0));
      }
    }

    /** Waits for it; empty if it does not come in time. */
    Optional<T> take(long millis) {
      if (content.isEmpty()) {
        Task self = self();
        waiting = Optional.of(self);
        self.wakeAfter(millis);
        self.pause();
        waiting = Optional.empty();
      }
      return content;
    }
  }

  private final PriorityQueue<Turn> agenda = new PriorityQueue<>();
  private final List<Task> tasks = new ArrayList<>();
  private final Thread turner = Thread.currentThread();
  private Task current;
  private long nowMillis;
  private long order;

  /** Since the beginning. */
  long nowMillis() {
    return nowMillis;
  }

  /** Has something happen later that waits for nothing. */
  void after(long millis, Runnable what) {
    boolean _ = agenda.add(new Turn(nowMillis + millis, order++, what));
  }

  /** Starts a task, when its turn comes. */
  Task start(Runnable body) {
    Task task = new Task(body);
    boolean _ = tasks.add(task);
    task.wakeAfter(0);
    return task;
  }

  /** The task that runs. */
  Task self() {
    return current;
  }

  /** Lets time pass for the task that runs. */
  void sleep(long millis) {
    Task self = self();
    self.wakeAfter(millis);
    self.pause();
  }

  /** A new empty mailbox. */
  <T> Mailbox<T> mailbox() {
    return new Mailbox<>();
  }

  /** Has everything happen up to a moment; what a task throws is thrown here. */
  void runUntil(long millis) {
    while (!agenda.isEmpty() && agenda.peek().atMillis <= millis) {
      Turn next = agenda.remove();
      nowMillis = next.atMillis;
      next.what.run();
    }
    nowMillis = Math.max(nowMillis, millis);
  }

  /** Ends all tasks, whatever they are at. */
  void end() {
    for (Task task : List.copyOf(tasks)) {
      task.isKilled = true;
      while (!task.isEnded) {
        resume(task);
      }
    }
  }

  private void resume(Task task) {
    Task before = current;
    current = task;
    task.pauses++;
    task.isRunning = true;
    if (task.isStarted) {
      LockSupport.unpark(task.thread);
    } else {
      task.isStarted = true;
      task.thread.start();
    }
    while (task.isRunning) {
      LockSupport.park(this);
    }
    current = before;
    if (task.isEnded) {
      boolean _ = tasks.remove(task);
    }
    Optional<Throwable> failure = task.failure;
    if (failure.isPresent() && failure.get() instanceof RuntimeException e) {
      task.failure = Optional.empty();
      throw e;
    }
    if (failure.isPresent()) {
      throw new IllegalStateException(failure.get());
    }
  }
}
