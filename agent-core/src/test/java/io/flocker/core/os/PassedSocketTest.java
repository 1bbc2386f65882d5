package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PassedSocketTest {
  @Test
  void isTakenOnlyByTheProcessThatItIsMeantFor() {
    Map<String, String> passed = Map.of("LISTEN_PID", "7", "LISTEN_FDS", "1");

    assertEquals(OptionalInt.of(3), PassedSocket.descriptor(passed, 7));
    assertEquals(OptionalInt.empty(), PassedSocket.descriptor(passed, 8));
    assertEquals(
        OptionalInt.empty(),
        PassedSocket.descriptor(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "0"), 7));
    assertEquals(OptionalInt.empty(), PassedSocket.descriptor(Map.of(), 7));
  }
}
