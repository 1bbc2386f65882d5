package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private Instant now = Instant.EPOCH;

  @Test
  void writesOneLineInSeveralSeconds() {
    StringWriter written = new StringWriter();
    ProgressLines lines = new ProgressLines(new PrintWriter(written), () -> now);

    for (int second = 0; second < 7; second++) {
      lines.show(Operations.running(second * 10L, 100L));
      now = now.plus(Duration.ofSeconds(1));
    }

    assertEquals(
        List.of(
            "transfer    0%  0 B of 100.0 MiB  10.0 MiB/s  ETA 0:10",
            "transfer   50%  50.0 MiB of 100.0 MiB  10.0 MiB/s  ETA 0:05"),
        written.toString().lines().toList());
  }
}
