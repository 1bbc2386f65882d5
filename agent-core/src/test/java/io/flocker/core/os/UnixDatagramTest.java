package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.log.DatagramReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixDatagramTest {
  private static final int ENOENT = 2;
  private static final int EAGAIN = 11;
  private static final int EMSGSIZE = 90;

  @TempDir Path folder;

  @Test
  void sendsOneDatagramAtATime() throws Exception {
    String path = folder.resolve("socket").toString();
    try (DatagramReceiver receiver = DatagramReceiver.at(path);
        UnixDatagram sender = UnixDatagram.to(path)) {
      sender.send("READY=1".getBytes(UTF_8));
      sender.send("größer".getBytes(UTF_8));

      assertEquals("READY=1", receiver.next());
      assertEquals("größer", receiver.next());
    }
  }

  @Test
  void reachesAnAbstractName() throws Exception {
    String name = "@flocker-test-" + UUID.randomUUID();
    try (DatagramReceiver receiver = DatagramReceiver.at(name);
        UnixDatagram sender = UnixDatagram.to(name)) {
      sender.send("READY=1".getBytes(UTF_8));

      assertEquals("READY=1", receiver.next());
    }
  }

  @Test
  void tellsWhyNothingWasSent() throws Exception {
    String path = folder.resolve("socket").toString();
    try (UnixDatagram sender = UnixDatagram.to(path)) {
      assertEquals(ENOENT, errno(sender, 1));
      try (DatagramReceiver _ = DatagramReceiver.at(path)) {
        assertEquals(EMSGSIZE, errno(sender, 4 << 20));
      }
    }
  }

  @Test
  void doesNotWaitForeverForAReceiverThatReadsNothing() throws Exception {
    String path = folder.resolve("socket").toString();
    // The receiver stops reading while nobody asks it for what it has.
    try (DatagramReceiver _ = DatagramReceiver.at(path);
        UnixDatagram sender = UnixDatagram.to(path)) {
      NativeException failure =
          assertThrows(
              NativeException.class,
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  sender.send(new byte[64 << 10]);
                }
              });
      assertEquals(EAGAIN, failure.errno());
    }
  }

  @Test
  void refusesWhatIsNoPathOfASocket() {
    assertThrows(IOException.class, () -> UnixDatagram.to(""));
    assertThrows(IOException.class, () -> UnixDatagram.to("/" + "x".repeat(107)));
  }

  @Test
  void sendsNothingOnceClosed() throws Exception {
    UnixDatagram sender = UnixDatagram.to(folder.resolve("socket").toString());
    sender.close();
    sender.close();

    assertThrows(IOException.class, () -> sender.send(new byte[1]));
  }

  private static int errno(UnixDatagram sender, int bytes) {
    return assertThrows(NativeException.class, () -> sender.send(new byte[bytes])).errno();
  }
}
