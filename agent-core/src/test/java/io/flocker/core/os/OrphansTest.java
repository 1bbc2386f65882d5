package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OrphansTest {
  /** Pid 1 was never started at that moment. */
  private static final String BY_ONE_THAT_IS_GONE = "1 1 ";

  private final String purpose = "pool-" + UUID.randomUUID();

  @Test
  void findsAScriptWithWhatItRuns() throws Exception {
    Process script = start(BY_ONE_THAT_IS_GONE + purpose);
    try {
      List<Orphan> found = Orphans.of(purpose);
      assertEquals(2, found.size(), found::toString);
      assertTrue(found.stream().anyMatch(one -> one.process().pid() == script.pid()));
      assertTrue(
          found.stream().anyMatch(one -> one.argv().equals(List.of("cat", "-"))), found::toString);
    } finally {
      end(script);
    }
    assertEquals(List.of(), Orphans.of(purpose));
  }

  @Test
  void leavesTheChildrenOfWhoeverIsThere() throws Exception {
    for (String mark :
        List.of(Orphans.mark(purpose), BY_ONE_THAT_IS_GONE + "other", "?", "x y z")) {
      Process script = start(mark);
      try {
        assertEquals(List.of(), Orphans.of(purpose), mark);
      } finally {
        end(script);
      }
    }
  }

  /** One that runs another, until its stdin ends. */
  private static Process start(String mark) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo; cat -; :");
    builder.environment().put(Orphans.VARIABLE, mark);
    Process script = builder.start();
    script.getOutputStream().write("there\n".getBytes(UTF_8));
    script.getOutputStream().flush();
    for (int newlines = 0; newlines < 2; ) { // The second is what cat was given.
      newlines += script.getInputStream().read() == '\n' ? 1 : 0;
    }
    return script;
  }

  private static void end(Process script) throws Exception {
    script.getOutputStream().close();
    assertEquals(0, script.waitFor());
  }
}
