package io.flocker.core.process;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The children that were given up, until they have ended: they may do yet what they were told.
 * Those that survived KILL are listed. Any thread may call.
 */
public final class StuckChildren {
  private final Map<Long, StuckChild> children = new ConcurrentHashMap<>();
  private final Map<Process, String> ending = new ConcurrentHashMap<>();

  /** Who is stuck now. */
  public List<StuckChild> list() {
    return List.copyOf(children.values());
  }

  /**
   * Waits until nothing that was given up can change {@code thing} any more: what is done next
   * would be undone by it.
   *
   * @param asked who was told
   * @throws FailureException {@link Asked#late} naming what does not end
   */
  public void awaitEnd(Asked asked, String thing, Duration deadline) throws FailureException {
    long begunNanos = System.nanoTime();
    for (Map.Entry<Process, String> one : ending.entrySet()) {
      if (one.getValue().endsWith(" " + thing)) {
        awaitEnd(asked, one, deadline.minusNanos(System.nanoTime() - begunNanos));
      }
    }
  }

  private static void awaitEnd(Asked asked, Map.Entry<Process, String> one, Duration left)
      throws FailureException {
    try {
      if (!one.getKey().waitFor(left)) {
        throw asked
            .late()
            .because(
                "%s was given up and has not ended: process %d"
                    .formatted(one.getValue(), one.getKey().pid()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("the wait for the end of " + one.getValue() + " was interrupted")
          .causedBy(e);
    }
  }

  /** Counts {@code process} as given up until it ends. */
  void giveUp(Process process, String command) {
    ending.put(process, command);
    var _ = process.onExit().thenRun(() -> ending.remove(process));
  }

  /** Lists {@code process} until it ends after all, and logs it once. */
  void add(Process process, String command) {
    StuckChild child = new StuckChild(process.pid(), command, Instant.now());
    if (children.putIfAbsent(child.pid(), child) == null) {
      Action.message(MessageType.CHILD_UNKILLABLE, Map.of("pid", child.pid(), "command", command));
      var _ = process.onExit().thenRun(() -> children.remove(child.pid()));
    }
  }
}
