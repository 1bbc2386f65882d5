package io.flocker.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.core.LogEvent;
import org.junit.jupiter.api.Test;

class LineAppenderTest {
  private static final int LINES = 10;

  private final Disk disk = new Disk();

  @Test
  void everyMessageThatAFullDiskDoesNotTakeIsCounted() {
    disk.room.set(600); // A few lines, and a part of one.
    MessageQueue queue = new MessageQueue(new LineAppender(disk, Destination.layout()), _ -> false);
    for (int i = 0; i < LINES; i++) {
      queue.put(event("message " + i));
    }
    while (queue.droppedInAll() == 0 || disk.room.get() > 0) {
      Thread.onSpinWait(); // Nobody is told: the disk is full.
    }
    disk.room.set(Integer.MAX_VALUE);
    queue.put(event("there is room again"));
    queue.close();

    List<String> lines = disk.written.toString(UTF_8).lines().toList();
    long whole = lines.stream().filter(line -> line.matches(".*message [0-9].*}")).count();
    assertEquals(LINES - whole, queue.droppedInAll());
    assertEquals(
        1,
        lines.stream()
            .filter(line -> line.startsWith("{") && line.contains("there is room again"))
            .count(),
        "the line after a torn one is whole");
    long told =
        lines.stream()
            .filter(line -> line.contains("eliot:dropped"))
            .mapToLong(line -> Long.parseLong(line.replaceAll(".*\"count\":([0-9]+).*", "$1")))
            .sum();
    assertEquals(queue.droppedInAll(), told);
  }

  private static LogEvent event(String text) {
    return Logging.event(
        Message.lone(MessageType.DAEMON_READY, Map.of("text", text)), LogLevel.INFO);
  }

  /** Takes what there is room for. */
  private static final class Disk implements LineAppender.Target {
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    final AtomicInteger room = new AtomicInteger();

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int taken = Math.min(room.get(), bytes.remaining());
      if (taken == 0) {
        throw new IOException("No space left on device");
      }
      byte[] part = new byte[taken];
      bytes.get(part);
      written.writeBytes(part);
      room.addAndGet(-taken);
      return taken;
    }

    @Override
    public void close() {}
  }
}
