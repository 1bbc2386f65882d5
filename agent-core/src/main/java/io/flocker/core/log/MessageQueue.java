package io.flocker.core.log;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between all threads that log and the one that writes. Owns the writing thread
 * and the appender. When the queue is full, a thread that may wait does so for at most {@link
 * #PATIENCE}; all else is counted, and an {@code eliot:dropped} message follows.
 */
final class MessageQueue implements AutoCloseable {
  /** With {@link FieldCopy#MAX_MESSAGE} at most about 40 MB. */
  static final int CAPACITY = 2_048;

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration CLOSING = Duration.ofSeconds(5);
  private static final Duration NAP = Duration.ofMillis(1);

  /** How soon a target is tried again that could not even take what it has missed. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Ends the writing thread. */
  private static final Object END = new Object();

  /** Wakes it: something was dropped. */
  private static final Object NUDGE = new Object();

  /** Events, and the two marks. */
  private final MpscBlockingConsumerArrayQueue<Object> events =
      new MpscBlockingConsumerArrayQueue<>(CAPACITY);

  private final AtomicLong dropped = new AtomicLong();

  /** Those that were told of, too. */
  private final AtomicLong droppedInAll = new AtomicLong();

  private final Appender appender;
  private final Predicate<Thread> neverWaits;
  private final Thread writer;
  private volatile boolean isStuck;

  /**
   * Starts the writing thread.
   *
   * @param neverWaits whether a thread runs an event loop
   */
  MessageQueue(Appender appender, Predicate<Thread> neverWaits) {
    this.appender = appender;
    this.neverWaits = neverWaits;
    this.writer = Thread.ofPlatform().daemon().name("log-writer").start(this::writeAll);
  }

  /** Queues {@code event}, which must not change any more, or counts it as dropped. Any thread. */
  void put(LogEvent event) {
    if (!events.offer(event) && !(mayWait() && isOfferedInTime(event))) {
      drop(1);
      // Where there is no room for this either, the writer has not come to the end of the queue
      // yet.
      boolean _ = events.offer(NUDGE);
    }
  }

  /** Writes what is queued, for at most 5 s, then stops the appender and ends the thread. */
  @Override
  public void close() {
    if (!events.offer(END) && !isOfferedInTime(END)) {
      return; // The target is stuck: the daemon thread is left to the end of the process.
    }
    try {
      writer.join(CLOSING);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** After one thread waited in vain the others do not, until the writer gets on. */
  private boolean mayWait() {
    Thread caller = Thread.currentThread();
    return !isStuck && !caller.equals(writer) && !neverWaits.test(caller);
  }

  private boolean isOfferedInTime(Object event) {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    boolean isInterrupted = false;
    boolean isOffered = false;
    while (!isOffered && deadlineNanos - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, NAP.toNanos());
      isInterrupted |= Thread.interrupted(); // An interrupted thread cannot park.
      isOffered = events.offer(event);
    }
    isStuck = !isOffered;
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    return isOffered;
  }

  private void writeAll() {
    Object next = NUDGE;
    while (!END.equals(next)) {
      next = next();
      if (next instanceof LogEvent event) {
        drop(unwritten(event));
      }
      reportDropped();
    }
    appender.stop();
  }

  private @Nullable Object next() {
    try {
      return dropped.get() > 0 ? events.poll(RETRY.toNanos(), TimeUnit.NANOSECONDS) : events.take();
    } catch (InterruptedException _) {
      return null; // Nobody has reason to: the thread ends by END.
    }
  }

  /** About how many are not written yet. */
  int waiting() {
    return events.size();
  }

  long droppedInAll() {
    return droppedInAll.get();
  }

  private void drop(int count) {
    dropped.addAndGet(count);
    droppedInAll.addAndGet(count);
  }

  private void reportDropped() {
    long count = dropped.getAndSet(0);
    if (count > 0) {
      LogEvent told = Logging.event(dropped(count), MessageType.DROPPED.level());
      int lost = unwritten(told);
      if (lost > 0) {
        dropped.addAndGet(count); // Told once the target takes something again.
        drop(lost - 1);
      }
    }
  }

  private static Message dropped(long count) {
    return Message.lone(MessageType.DROPPED, Map.of("count", count));
  }

  /** Gives an event to the appender; tells how many are lost, it or those before it. */
  private int unwritten(LogEvent event) {
    try {
      // The appender writes then; behind a mark there may be no event for long.
      event.setEndOfBatch(!(events.relaxedPeek() instanceof LogEvent));
      appender.append(event);
      isStuck = false;
      return 0;
    } catch (LineAppender.UnwrittenException e) {
      return e.count();
    } catch (RuntimeException _) {
      return 1;
    }
  }
}
