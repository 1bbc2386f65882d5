package io.flocker.zfs.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.os.Descriptors;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StderrTail;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class StreamChildTest {
  private static final int PIPE_BYTES = 64 * 1024;

  private final Launch launch = new Launch(Zfs.ASKED, "tank");
  private final StuckChildren stuck = new StuckChildren();

  @Test
  void sendsWhatItWroteAndSaysHowItEnded() throws Exception {
    try (StreamChild child = sending("printf 12345; exit 3")) {
      int descriptor = child.takeDescriptor();
      assertEquals(new Exit(3), exit(child));
      try (FileInputStream in = new FileInputStream("/proc/self/fd/" + descriptor)) {
        assertEquals(5, in.readNBytes(5).length);
      }
      Descriptors.close(descriptor);
    }
  }

  @Test
  void receivesWhatWeWrite() throws Exception {
    try (StreamChild child = receiving("exec wc -c >&2")) {
      int descriptor = child.takeDescriptor();
      try (FileOutputStream out = new FileOutputStream("/proc/self/fd/" + descriptor)) {
        out.write(new byte[70_000]);
      }
      Descriptors.close(descriptor);

      assertEquals(new Exit(0), exit(child));
      assertEquals("70000", child.stderrTail().strip());
    }
  }

  @Test
  @DisplayName("I02 the signal that ended a child is named")
  void namesTheSignal() throws Exception {
    try (StreamChild child = sending("kill -SEGV $$")) {
      assertEquals("killed by SIGSEGV", exit(child).toString());
    }
  }

  @Test
  @DisplayName("I12 of 1 MiB of stderr the last 32 KiB are kept, and nothing blocks")
  void keepsTheTailOfStderr() throws Exception {
    try (StreamChild child = sending("yes 0123456789 | head -c 1048576 >&2; printf last >&2")) {
      assertEquals(new Exit(0), exit(child));
      assertEquals(StderrTail.KEPT_BYTES, child.stderrTail().length());
      assertTrue(child.stderrTail().endsWith("last"));
    }
  }

  @Test
  @DisplayName("B05 a child blocked in a write to a full pipe is ended without a hang")
  void endsAChildThatIsBlockedInAWrite() throws Exception {
    StreamChild child = sending("exec cat /dev/zero");
    child.close();

    assertTrue(exit(child).signal().isPresent(), exit(child).toString());
  }

  @Test
  @DisplayName("B06 a child that ignores TERM is killed")
  void killsAChildThatIgnoresTerm() throws Exception {
    StreamChild child = sending("trap '' TERM; echo ready; while :; do sleep 1; done");
    int descriptor = child.takeDescriptor();
    try (FileInputStream in = new FileInputStream("/proc/self/fd/" + descriptor)) {
      assertEquals("ready\n", new String(in.readNBytes(6), UTF_8));
    }
    child.end();
    child.close();
    Descriptors.close(descriptor);

    assertEquals("killed by SIGKILL", exit(child).toString());
    assertTrue(stuck.list().isEmpty());
  }

  @Test
  @DisplayName("B07 closing twice, and after the end, changes nothing")
  void closesTwice() throws Exception {
    StreamChild child = sending("exit 0");
    assertEquals(new Exit(0), exit(child));
    child.close();
    child.close();

    assertThrows(IllegalStateException.class, child::takeDescriptor);
  }

  @Test
  @DisplayName("I24 a program that is missing is named")
  void namesAProgramThatIsMissing() {
    FailureException failure =
        assertThrows(
            FailureException.class,
            () -> StreamChild.sending(launch, List.of("/nowhere/zfs", "send"), PIPE_BYTES, stuck));

    assertEquals(StorageFailure.ZFS_UNAVAILABLE, failure.failure());
    assertTrue(failure.detail().contains("/nowhere/zfs"), failure.detail());
  }

  @Test
  void doesNotWaitForAGrandchildThatKeepsStderrOpen() throws Exception {
    try (StreamChild child = sending("sleep 30 & exit 4")) {
      assertEquals(new Exit(4), exit(child));
      assertFalse(child.stderrTail().contains("sleep"));
    }
  }

  @Test
  void hearsTheLastWordsOfAChildThatRanForLong() throws Exception {
    String late = "sleep 1.5; (sleep 0.3; printf 'last words' >&2) & exit 3";
    try (StreamChild child = sending(late)) {
      assertEquals(new Exit(3), exit(child));
      assertEquals("last words", child.stderrTail());
    }
  }

  @Test
  void knowsWhichWayItsBytesGo() throws Exception {
    try (StreamChild sender = sending("exit 0");
        StreamChild receiver = receiving("exit 0")) {
      assertEquals(Child.Direction.SENDING, sender.direction());
      assertEquals(Child.Direction.RECEIVING, receiver.direction());
    }
  }

  private StreamChild sending(String script) throws FailureException {
    return StreamChild.sending(launch, List.of("/bin/sh", "-c", script), PIPE_BYTES, stuck);
  }

  private StreamChild receiving(String script) throws FailureException {
    return StreamChild.receiving(launch, List.of("/bin/sh", "-c", script), PIPE_BYTES, stuck);
  }

  private static Exit exit(StreamChild child) throws Exception {
    return child.exit().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
