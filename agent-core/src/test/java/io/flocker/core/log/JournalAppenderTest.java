package io.flocker.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class JournalAppenderTest {
  @TempDir Path folder;

  @Test
  void sendsTheLineAndFieldsToSelectBy() throws Exception {
    Path socket = folder.resolve("socket");
    try (DatagramReceiver journal = DatagramReceiver.at(socket.toString())) {
      try (Logging _ = Logging.start(new LogTarget.Journald(socket))) {
        Action push = Action.startTask(ActionType.PUSH, Map.of("two\nlines", "a\nb"));
        push.fail(new IOException("broken"));
        Action.traceback(new IOException("broken"));
      }

      Map<String, String> start = entry(journal.next());
      Map<String, String> end = entry(journal.next());
      Map<String, String> traceback = entry(journal.next());
      assertEquals("flockerd", start.get("SYSLOG_IDENTIFIER"));
      assertEquals("flocker:push", start.get("ELIOT_TYPE"));
      assertEquals(start.get("ELIOT_TASK"), end.get("ELIOT_TASK"));
      assertEquals(
          List.of("6", "3", "2"),
          List.of(start.get("PRIORITY"), end.get("PRIORITY"), traceback.get("PRIORITY")));
      new EliotChecker()
          .lines("journal", List.of(start.get("MESSAGE"), end.get("MESSAGE")))
          .verify();
    }
  }

  @Test
  @DisplayName("130 a journal that is not there ends nothing, and is told again once it is")
  void aJournalMayComeLate() throws Exception {
    Path socket = folder.resolve("socket");
    try (Logging _ = Logging.start(new LogTarget.Journald(socket))) {
      Action.message(MessageType.CONFIG_LOADED, Map.of("said", "to nobody"));
      try (DatagramReceiver journal = DatagramReceiver.at(socket.toString())) {
        Action.message(MessageType.CONFIG_LOADED, Map.of("said", "to the journal"));

        String told = journal.next();
        while (!told.contains("to the journal")) {
          told = journal.next(); // What it could not tell, or tells late.
        }
      }
    }
  }

  @Test
  void fitsTheLongestMessageIntoADatagram() throws Exception {
    Path socket = folder.resolve("socket");
    String worst = "\u0001".repeat(1 << 20);
    try (DatagramReceiver journal = DatagramReceiver.at(socket.toString())) {
      try (Logging _ = Logging.start(new LogTarget.Journald(socket))) {
        Action.message(MessageType.CONFIG_LOADED, Map.of("a", worst, "b", worst));
      }

      assertTrue(journal.next().contains("truncated"));
    }
  }

  private static Map<String, String> entry(String datagram) {
    return Arrays.stream(datagram.split("\n"))
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(field -> field[0], field -> field[1]));
  }
}
