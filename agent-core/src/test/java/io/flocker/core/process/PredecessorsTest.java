package io.flocker.core.process;

import static io.flocker.core.process.CommandsTest.SHELL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.os.Orphans;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PredecessorsTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final String thing = "thing-" + UUID.randomUUID();
  private @Nullable Process left;

  @AfterEach
  void end() {
    if (left != null) {
      left.destroyForcibly();
    }
  }

  @Test
  @DisplayName("A command of the daemon before may end by itself, and nothing is asked before")
  void waits() throws Exception {
    Process command = left("read -r _; exit 7");
    Predecessors predecessors = new Predecessors(SHELL, thing, LONG, SHORT);
    Launch launch = new Launch(SHELL, thing, predecessors);
    CompletableFuture<Boolean> wasThere =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                Process next = launch.start(launch.of(List.of("true")));
                return next.isAlive() && command.isAlive();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            task -> Thread.ofVirtual().start(task));
    assertFalse(wasThere.isDone());
    command.getOutputStream().close();
    assertFalse(wasThere.join());
    assertEquals(7, command.waitFor());
  }

  @Test
  @DisplayName(
      "A command of the daemon before that does not end is ended, by TERM and then by KILL")
  void ends() throws Exception {
    Process mild = left("exec sleep 1000");
    new Predecessors(SHELL, thing, SHORT, LONG).awaitEnd();
    assertEquals(128 + 15, mild.waitFor());

    Process stubborn = left("trap '' TERM; echo; while :; do sleep 1000; done");
    assertEquals('\n', stubborn.getInputStream().read());
    new Predecessors(SHELL, thing, SHORT, Duration.ofSeconds(2)).awaitEnd();
    assertEquals(128 + 9, stubborn.waitFor());
  }

  @Test
  void leavesOthersInPeace() throws Exception {
    Launch launch = new Launch(SHELL, thing, new Predecessors(SHELL, thing, Duration.ZERO, SHORT));
    Process own = launch.start(launch.of(List.of("sleep", "1000")));
    left = own;
    new Predecessors(SHELL, thing, Duration.ZERO, SHORT).awaitEnd();
    assertTrue(own.isAlive());
  }

  private Process left(String script) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", script);
    builder.environment().put(Orphans.VARIABLE, "1 1 " + thing); // Not pid 1, as it is now.
    Process process = builder.start();
    left = process;
    return process;
  }
}
