package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    assertEquals("READY=1", received("@flocker-test-" + ProcessHandle.current().pid()));
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

  /** The JDK has no datagram socket that could listen. */
  private static String received(String address) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs python3 to listen");
    Process listener =
        new ProcessBuilder(
                "/usr/bin/python3",
                "-c",
                """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind(sys.argv[1].replace('@', chr(0), 1) if sys.argv[1][0] == '@' else sys.argv[1])
                print('bound', flush=True)
                print(s.recv(100).decode(), flush=True)
                """,
                address)
            .start();
    try (var out = listener.inputReader()) {
      assertEquals("bound", out.readLine());
      NotifySocket.of(Map.of("NOTIFY_SOCKET", address)).ready();
      return out.readLine();
    } finally {
      listener.destroyForcibly();
    }
  }
}
