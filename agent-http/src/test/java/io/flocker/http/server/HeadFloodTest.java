package io.flocker.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.RawConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heads that once filled the heap of a daemon, against a server whose heap is no larger. */
class HeadFloodTest {
  private static final String HEAD = "GET /v1/x HTTP/1.1\r\nHost: t\r\n";

  /** More than a daemon died of: 78 on a heap of 64 MiB, so twice as many on its own. */
  private static final int CONNECTIONS = 200;

  private final List<RawConnection> opened = new ArrayList<>();
  private SmallNodeProcess node;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    node = SmallNodeProcess.start(folder);
  }

  @AfterEach
  void stop() throws Exception {
    for (RawConnection connection : opened) {
      connection.close();
    }
    node.close();
  }

  @Test
  void holdsNoHeadsOfThousandsOfFields() throws Exception {
    flood(HEAD + "a:\r\n".repeat(8_180));

    assertBobIsServed();
    assertEquals(Map.of(431, CONNECTIONS), statuses());
  }

  @Test
  void holdsNoMoreOfOneCallersUnfinishedHeadsThanItsShare() throws Exception {
    flood(HEAD + ("x: " + "y".repeat(300) + "\r\n").repeat(98));

    assertBobIsServed();
    for (RawConnection connection : opened) {
      end(connection);
    }
    Map<Integer, Integer> statuses = statuses();
    assertTrue(statuses.getOrDefault(200, 0) > 10, statuses.toString());
    assertTrue(statuses.getOrDefault(429, 0) > 10, statuses.toString());
    assertBobIsServed();
  }

  @Test
  void holdsNoMoreOfWhatOneCallerSendsInAdvanceThanItsShare() throws Exception {
    String next = HEAD + "x: " + "y".repeat(1_000) + "\r\n\r\n";
    flood("GET /v1/wait?wait=60s HTTP/1.1\r\nHost: t\r\n\r\n" + next.repeat(100));

    assertBobIsServed();
  }

  private void flood(String head) throws Exception {
    for (int i = 0; i < CONNECTIONS; i++) {
      RawConnection connection = node.connect("alice");
      opened.add(connection);
      connection.send(head);
    }
  }

  /** Of one that was refused already, the connection may be gone. */
  private static void end(RawConnection connection) {
    try {
      connection.send("\r\n");
    } catch (IOException _) {
      // Its answer may be there all the same.
    }
  }

  private Map<Integer, Integer> statuses() {
    Map<Integer, Integer> statuses = new HashMap<>();
    for (RawConnection connection : opened) {
      statuses.merge(status(connection), 1, Integer::sum);
    }
    return statuses;
  }

  private static int status(RawConnection connection) {
    try {
      return connection.response().status();
    } catch (IOException _) {
      return 0;
    }
  }

  private void assertBobIsServed() throws Exception {
    try (RawConnection bob = node.connect("bob")) {
      assertEquals(200, bob.request("GET", "/v1/x").response().status());
    }
    assertTrue(node.isAlive());
  }
}
