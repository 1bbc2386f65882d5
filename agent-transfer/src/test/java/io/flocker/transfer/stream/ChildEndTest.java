package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChildEndTest {
  @Test
  void tellsTheExitStatusAndTheLastWords() {
    ChildEnd end = new ChildEnd(Optional.of(new Exit(1)), "no such snapshot");
    assertEquals(Map.of("exit", 1, "stderr", "no such snapshot"), end.toMember());
    assertEquals(List.of("exit", "stderr"), List.copyOf(end.toMember().keySet()));
  }

  @Test
  void namesTheSignal() {
    ChildEnd end = new ChildEnd(Optional.of(new Exit(137)), "");
    assertEquals("SIGKILL", end.toMember().get("signal"));
  }

  @Test
  @DisplayName("B06 a child that not even SIGKILL ends is a state that is told, not a hang")
  void anUnkillableChildIsToldOf() {
    ChildEnd end = ChildEnd.of(new StuckChild());
    assertEquals(Map.of("unkillable", true, "stderr", "last words"), end.toMember());
  }

  /** In uninterruptible sleep, state D of ps(1). */
  private static final class StuckChild implements Child {
    @Override
    public Direction direction() {
      return Direction.RECEIVING;
    }

    @Override
    public String command() {
      return "zfs receive";
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public int takeDescriptor() {
      throw new IllegalStateException("there is none");
    }

    @Override
    public CompletionStage<Exit> exit() {
      return new CompletableFuture<>();
    }

    @Override
    public String stderrTail() {
      return "last words";
    }

    @Override
    public void end() {}

    @Override
    public void close() {}
  }
}
