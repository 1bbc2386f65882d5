package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.operation.OperationView;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Long streams and slow receivers, with made-up streams. The full measure takes minutes: {@code
 * -Dflocker.test.stream.bytes=10737418240 -Dflocker.test.stream.rate=52428800}.
 */
@Timeout(600)
class StreamMemoryIT {
  private static final long MEBIBYTE = 1 << 20;
  private static final long BYTES = Long.getLong("flocker.test.stream.bytes", 2048 * MEBIBYTE);
  private static final long RATE = Long.getLong("flocker.test.stream.rate", 100 * MEBIBYTE);
  private static final long MOST_RESIDENT = 256 * MEBIBYTE;

  @Test
  @DisplayName("B01 memory does not grow with a stream, nor with the slowness of its receiver")
  void memoryStaysBelowItsBound(@TempDir Path folder) throws Exception {
    try (FakeNodes nodes = FakeNodes.start(folder, BYTES, RATE, 0, "")) {
      VolumeDocument volume = nodes.sender().create("default.long");

      OperationView push = nodes.sender().push(volume.id(), nodes.receiver());

      long sender = mostResident(nodes.sender());
      long receiver = mostResident(nodes.receiver());
      System.out.printf(
          "%d MiB at %d MiB/s in %s; most resident: sender %d MiB, receiver %d MiB%n",
          push.bytes() / MEBIBYTE,
          RATE / MEBIBYTE,
          Duration.between(push.started(), push.finished().orElseThrow()),
          sender / MEBIBYTE,
          receiver / MEBIBYTE);
      assertTrue(push.bytes() >= BYTES, push.toString());
      assertTrue(sender < MOST_RESIDENT, "sender: " + sender);
      assertTrue(receiver < MOST_RESIDENT, "receiver: " + receiver);
    }
  }

  @Test
  @DisplayName("B02 a receiver that rests for longer than a silence may last is not given up")
  void waitsForAReceiverThatRests(@TempDir Path folder) throws Exception {
    String impatient = "transfer: { heartbeat: 1s, silence: 5s }";
    try (FakeNodes nodes = FakeNodes.start(folder, 64 * MEBIBYTE, 1024 * MEBIBYTE, 8, impatient)) {
      VolumeDocument volume = nodes.sender().create("default.resting");

      OperationView push = nodes.sender().push(volume.id(), nodes.receiver());

      assertEquals(
          push.result().orElseThrow().get("latest"),
          TestNode.latest(nodes.receiver().volume(volume.id())).guid().toString());
    }
  }

  /** VmHWM, see proc_pid_status(5). */
  private static long mostResident(TestNode node) throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/" + node.daemon().pid() + "/status")).stream()
            .filter(field -> field.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }
}
