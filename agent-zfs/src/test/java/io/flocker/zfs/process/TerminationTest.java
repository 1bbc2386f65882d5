package io.flocker.zfs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TerminationTest {
  private static final Duration GRACE = Duration.ofMillis(50);

  private final StuckChildren stuck = new StuckChildren();

  @Test
  @DisplayName("B06 a child that survives KILL is listed until it ends, and nobody hangs")
  void listsAChildThatSurvivesKill() throws Exception {
    Immortal process = new Immortal();
    Termination termination = new Termination(process, "zfs receive tank/x", stuck, GRACE);

    assertFalse(termination.await());

    assertEquals(List.of("TERM", "KILL"), process.signals());
    assertEquals(
        List.of("zfs receive tank/x"), stuck.list().stream().map(StuckChild::command).toList());

    process.end.complete(process);
    assertEquals(List.of(), stuck.list());
  }

  @Test
  void leavesAChildInPeaceThatObeysTerm() throws Exception {
    Process process = new ProcessBuilder("sleep", "1000").start();

    assertTrue(new Termination(process, "sleep", stuck, Duration.ofSeconds(20)).await());
    assertEquals(128 + 15, process.exitValue());
    assertEquals(List.of(), stuck.list());
  }

  /** A process as one that waits inside the kernel looks from outside. */
  private static final class Immortal extends Process {
    final CompletableFuture<Process> end = new CompletableFuture<>();
    private final List<String> signals = new CopyOnWriteArrayList<>();

    List<String> signals() {
      return List.copyOf(signals);
    }

    @Override
    public void destroy() {
      signals.add("TERM");
    }

    @Override
    public Process destroyForcibly() {
      signals.add("KILL");
      return this;
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public CompletableFuture<Process> onExit() {
      return end.copy();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
      try {
        end.get(timeout, unit);
        return true;
      } catch (TimeoutException | ExecutionException _) {
        return false;
      }
    }

    @Override
    public int waitFor() {
      throw new IllegalStateException("a wait without a deadline");
    }

    @Override
    public int exitValue() {
      throw new IllegalThreadStateException("it lives");
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
      return InputStream.nullInputStream();
    }
  }
}
