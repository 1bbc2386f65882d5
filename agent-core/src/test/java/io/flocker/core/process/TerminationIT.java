package io.flocker.core.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.storage.Needs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Children that nothing ends. Needs root, for a control group. */
@Timeout(300)
class TerminationIT {
  private static final Duration GRACE = Duration.ofMillis(100);

  @Test
  @DisplayName("B06 a child that survives KILL is listed until it ends, and nobody hangs")
  void listsAChildThatSurvivesKill(@TempDir Path folder) throws Exception {
    Needs.root("TerminationIT");
    StuckChildren stuck = new StuckChildren();
    Process process = new ProcessBuilder("sleep", "1000").start();
    try (Freezer freezer = new Freezer(folder)) {
      freezer.freeze(process);

      assertFalse(new Termination(process, "zfs receive tank/x", stuck, GRACE).await());
      assertTrue(process.isAlive());
      assertEquals(
          List.of(
              new StuckChild(process.pid(), "zfs receive tank/x", stuck.list().getFirst().since())),
          stuck.list());

      freezer.thaw();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }
    while (!stuck.list().isEmpty()) {
      Thread.onSpinWait(); // Its end is told on another thread.
    }
  }
}
