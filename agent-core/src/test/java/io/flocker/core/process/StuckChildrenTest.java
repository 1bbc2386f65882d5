package io.flocker.core.process;

import static io.flocker.core.process.CommandsTest.SHELL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class StuckChildrenTest {
  private final StuckChildren stuck = new StuckChildren();

  @Test
  @DisplayName("What was given up and is still at work is waited for, about its dataset alone")
  void waitsForWhatWasGivenUp() throws Exception {
    Process command = new ProcessBuilder("cat").start();
    stuck.giveUp(command, "zfs set a=b tank/a");

    stuck.awaitEnd(SHELL, "tank/b", Duration.ZERO);
    FailureException late =
        assertThrows(
            FailureException.class, () -> stuck.awaitEnd(SHELL, "tank/a", Duration.ofMillis(1)));
    assertEquals(StorageFailure.ZFS_TIMEOUT, late.failure());
    assertTrue(late.detail().contains("zfs set a=b tank/a"), late.detail());

    command.getOutputStream().close();
    stuck.awaitEnd(SHELL, "tank/a", Duration.ofSeconds(200));
    assertEquals(0, command.waitFor());
  }
}
