package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.log.DatagramReceiver;
import io.flocker.core.os.NotifySocket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MoreTimeTest {
  @Test
  void isAskedForAgainAndAgain() throws Exception {
    String address = "@flocker-test-" + UUID.randomUUID();
    try (DatagramReceiver manager = DatagramReceiver.at(address);
        MoreTime _ =
            MoreTime.of(
                NotifySocket.of(Map.of("NOTIFY_SOCKET", address)),
                Duration.ofMinutes(1),
                Duration.ofMillis(10))) {
      assertEquals("EXTEND_TIMEOUT_USEC=20000000", manager.next());
      assertEquals("EXTEND_TIMEOUT_USEC=20000000", manager.next());
    }
  }

  @Test
  void isAskedForEvenIfNobodyHeardAtFirst() throws Exception {
    String address = "@flocker-test-" + UUID.randomUUID();
    try (MoreTime _ =
            MoreTime.of(
                NotifySocket.of(Map.of("NOTIFY_SOCKET", address)),
                Duration.ofMinutes(1),
                Duration.ofMillis(10));
        DatagramReceiver manager = DatagramReceiver.at(address)) {
      assertEquals("EXTEND_TIMEOUT_USEC=20000000", manager.next());
    }
  }
}
