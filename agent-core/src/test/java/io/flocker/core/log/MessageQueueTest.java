package io.flocker.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MessageQueueTest {
  private final GatedAppender appender = new GatedAppender();

  @Test
  void dropsAndCountsWhatAnEventLoopLogsWhileTheQueueIsFull() throws InterruptedException {
    MessageQueue queue = new MessageQueue(appender, _ -> true);
    queue.put(event());
    appender.isAsked.await();
    for (int i = 0; i < MessageQueue.CAPACITY + 7; i++) {
      queue.put(event());
    }

    appender.gate.countDown();
    queue.close();

    List<Message> dropped =
        appender.written.stream().filter(m -> m.type().equals("eliot:dropped")).toList();
    assertEquals(1, dropped.size());
    assertEquals(7L, dropped.getFirst().getData().get("count"));
    assertEquals(1 + MessageQueue.CAPACITY + 1, appender.written.size());
  }

  @Test
  @Timeout(300)
  void tellsAtOnceOfWhatWasDroppedJustAsTheQueueWasEmptied() throws InterruptedException {
    CountDownLatch isEmptied = new CountDownLatch(MessageQueue.CAPACITY + 1);
    CountDownLatch isTold = new CountDownLatch(1);
    appender.listener =
        message -> (message.type().equals("eliot:dropped") ? isTold : isEmptied).countDown();
    MessageQueue queue =
        new MessageQueue(
            appender,
            _ -> { // Asked once there was no room, and before the event is counted as dropped.
              appender.gate.countDown();
              awaitAll(isEmptied);
              return true;
            });
    queue.put(event());
    appender.isAsked.await();
    for (int i = 0; i < MessageQueue.CAPACITY + 1; i++) {
      queue.put(event());
    }

    isTold.await();
    queue.close();
  }

  @Test
  void letsControlThreadsWaitForRoom() throws InterruptedException {
    MessageQueue queue = new MessageQueue(appender, _ -> false);
    queue.put(event());
    appender.isAsked.await();
    for (int i = 0; i < MessageQueue.CAPACITY; i++) {
      queue.put(event());
    }
    Thread waiting = Thread.ofVirtual().start(() -> queue.put(event()));

    appender.gate.countDown();
    waiting.join();
    queue.close();

    assertEquals(MessageQueue.CAPACITY + 2, appender.written.size());
  }

  @Test
  void givesUpOnATargetThatStaysStuck() throws InterruptedException {
    MessageQueue queue = new MessageQueue(appender, _ -> false);
    queue.put(event());
    appender.isAsked.await();
    for (int i = 0; i < MessageQueue.CAPACITY + 100; i++) {
      queue.put(event()); // Only the first that finds no room waits; 100 waits would take 200 s.
    }
    queue.close();

    assertTrue(appender.written.isEmpty());
    appender.gate.countDown();
  }

  @Test
  void countsWhatTheTargetRefused() {
    appender.gate.countDown();
    appender.refusals = 3;
    try (MessageQueue queue = new MessageQueue(appender, _ -> false)) {
      for (int i = 0; i < 4; i++) {
        queue.put(event());
      }
    }

    long dropped =
        appender.written.stream()
            .filter(m -> m.type().equals("eliot:dropped"))
            .mapToLong(m -> (Long) m.getData().get("count"))
            .sum();
    long others = appender.written.stream().filter(m -> !m.type().equals("eliot:dropped")).count();
    assertEquals(4, dropped + others);
    assertTrue(dropped >= 1);
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LogEvent event() {
    return Logging.event(Message.lone(MessageType.DAEMON_READY, Map.of()), LogLevel.INFO);
  }

  /** Takes nothing until its gate opens, and refuses the first few. */
  private static final class GatedAppender extends AbstractAppender {
    final CountDownLatch isAsked = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    final List<Message> written = new CopyOnWriteArrayList<>();
    Consumer<Message> listener = _ -> {};
    int refusals;

    GatedAppender() {
      super("gated", null, null, false, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      isAsked.countDown();
      awaitAll(gate);
      if (refusals > 0) {
        refusals--;
        throw new IllegalStateException("refused");
      }
      Message message = (Message) event.getMessage();
      written.add(message);
      listener.accept(message);
    }
  }
}
