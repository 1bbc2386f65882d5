package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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

    assertEquals(List.of(22, 4_523), List.copyOf(TcpPorts.parse(table, "")));
    assertEquals(List.of(4_523), List.copyOf(TcpPorts.parse(table.subList(3, 4), "06")));
  }

  @Test
  void findsAPortThatIsListenedAt() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertTrue(TcpPorts.used().contains(socket.getLocalPort()));
      assertTrue(TcpPorts.listening().contains(socket.getLocalPort()));
      try (Socket client = new Socket(socket.getInetAddress(), socket.getLocalPort())) {
        assertTrue(TcpPorts.used().contains(client.getLocalPort()));
        assertFalse(TcpPorts.listening().contains(client.getLocalPort()));
      }
    }
  }
}
