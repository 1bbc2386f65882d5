package io.flocker.cli.daemon;

import io.flocker.core.log.Action;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened, to be closed in the reverse order. One thread at a time. */
final class ResourceStack implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Remembers {@code resource} and returns it. */
  <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  /** Closes all; one that fails is logged and does not keep the others open. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        Action.traceback(e);
      }
    }
  }
}
