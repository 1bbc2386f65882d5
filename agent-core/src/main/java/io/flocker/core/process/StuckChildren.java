package io.flocker.core.process;

import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The children that survived KILL, for as long as they do. Any thread may call. */
public final class StuckChildren {
  private final Map<Long, StuckChild> children = new ConcurrentHashMap<>();

  /** Who is stuck now. */
  public List<StuckChild> list() {
    return List.copyOf(children.values());
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
