package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class TcpPortsTest {
  @Test
  void readsTheLocalPortOfEverySocket() {
    List<String> table =
        List.of(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
            "   0: 0100007F:11AB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0",
            "  12: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A",
            "   1: 0100007F:11AB 0100007F:D431 06 00000000:00000000 03:00001770 00000000     0");

    assertEquals(List.of(22, 4_523), List.copyOf(TcpPorts.parse(table)));
  }

  @Test
  void findsAPortThatIsListenedAt() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertTrue(TcpPorts.used().contains(socket.getLocalPort()));
    }
  }
}
