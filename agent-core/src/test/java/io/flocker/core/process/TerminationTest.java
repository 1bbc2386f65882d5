package io.flocker.core.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class TerminationTest {
  private final StuckChildren stuck = new StuckChildren();

  @Test
  void leavesAChildInPeaceThatObeysTerm() throws Exception {
    Process process = new ProcessBuilder("sleep", "1000").start();

    assertTrue(new Termination(process, "sleep", stuck, Duration.ofSeconds(20)).await());
    assertEquals(128 + 15, process.exitValue());
    assertEquals(List.of(), stuck.list());
  }
}
