package io.flocker.cli.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.process.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LocalProgramTest {
  private static final Path SHELL = Path.of("/bin/sh");

  @Test
  void hasTheVariablesOfThisProcessAndTellsWhatItSaid() throws Exception {
    Output ended =
        new LocalProgram(SHELL, Duration.ofMinutes(1))
            .run(List.of("-c", "echo \"$PATH\"; echo \"$LC_ALL\"; echo reason >&2; exit 3"));

    String locale = Objects.requireNonNullElse(System.getenv("LC_ALL"), "");
    assertEquals(new Output(3, System.getenv("PATH") + "\n" + locale + "\n", "reason\n"), ended);
  }

  @Test
  void isEndedWhereItDoesNotEndByItself() {
    LocalProgram program = new LocalProgram(SHELL, Duration.ofMillis(200));

    FailureException late =
        assertThrows(
            FailureException.class, () -> program.run(List.of("-c", "exec sleep 1000", "disks")));

    assertTrue(late.detail().contains("did not answer about disks"), late.detail());
  }
}
