package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FileSystemEventsTest {
  /** As linux/fanotify.h has them. */
  private static final long FAN_MODIFY = 2;

  private static final long FAN_Q_OVERFLOW = 0x4000;

  @Test
  void readsOfSeveralEventsWhichFileSystemsTheyAreOf() {
    ByteBuffer events = buffer();
    event(events, FAN_MODIFY, 7);
    event(events, FAN_MODIFY, 9);
    event(events, FAN_MODIFY, 7);

    assertEquals(
        new FileSystemEvents.Happened(Set.of(7L, 9L), false),
        FileSystemEvents.parse(events.flip()));
  }

  @Test
  void tellsThatTheKernelHadNoRoomForMore() {
    ByteBuffer events = buffer();
    event(events, FAN_MODIFY, 7);
    head(events, FAN_Q_OVERFLOW, 24);

    assertEquals(
        new FileSystemEvents.Happened(Set.of(7L), true), FileSystemEvents.parse(events.flip()));
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
  }

  /** With a handle of eight bytes, as most file systems have. */
  private static void event(ByteBuffer events, long mask, long fileSystem) {
    int infoBytes = 4 + 8 + 8 + 8;
    head(events, mask, 24 + infoBytes);
    events.put((byte) 1).put((byte) 0).putShort((short) infoBytes).putLong(fileSystem);
    events.putInt(8).putInt(1).putLong(42);
  }

  private static void head(ByteBuffer events, long mask, int bytes) {
    events.putInt(bytes).put((byte) 3).put((byte) 0).putShort((short) 24).putLong(mask);
    events.putInt(-1).putInt(1);
  }
}
