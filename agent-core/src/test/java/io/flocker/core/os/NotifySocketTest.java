package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.log.DatagramReceiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifySocketTest {
  private static final int ENOENT = 2;

  @Test
  void tellsAServiceManagerThatListensOnAPath(@TempDir Path folder) throws Exception {
    assertEquals("READY=1", received(folder.resolve("notify").toString()));
  }

  @Test
  void tellsAServiceManagerThatListensOnAnAbstractName() throws Exception {
    assertEquals("READY=1", received("@flocker-test-" + UUID.randomUUID()));
  }

  @Test
  void isSilentWhereNobodyAsked() {
    assertDoesNotThrow(() -> NotifySocket.of(Map.of()).ready());
  }

  @Test
  void namesTheErrnoWhenNobodyListens(@TempDir Path folder) {
    NotifySocket socket =
        NotifySocket.of(Map.of("NOTIFY_SOCKET", folder.resolve("none").toString()));

    assertEquals(ENOENT, assertThrows(NativeException.class, socket::stopping).errno());
  }

  @Test
  void isWatchedOnlyWhereItIsTheOneThatIsMeant() {
    assertEquals(
        Optional.of(Duration.ofSeconds(3)),
        NotifySocket.watchdog(Map.of("WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "7"), 7));
    assertEquals(
        Optional.of(Duration.ofSeconds(3)),
        NotifySocket.watchdog(Map.of("WATCHDOG_USEC", "3000000"), 7));
    assertEquals(
        Optional.empty(),
        NotifySocket.watchdog(Map.of("WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "8"), 7));
    assertEquals(Optional.empty(), NotifySocket.watchdog(Map.of("WATCHDOG_USEC", "soon"), 7));
    assertEquals(Optional.empty(), NotifySocket.watchdog(Map.of(), 7));
  }

  private static String received(String address) throws Exception {
    try (DatagramReceiver manager = DatagramReceiver.at(address)) {
      NotifySocket.of(Map.of("NOTIFY_SOCKET", address)).ready();
      return manager.next();
    }
  }
}
