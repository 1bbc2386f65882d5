package io.flocker.core.replicate.hook;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A command of the node's own settings.
 *
 * @param command program, by its absolute path, and arguments; no shell sees them
 * @param environment variables beside those that tell what it is run for
 * @param deadline after which it is ended, with all that it has started
 */
public record Hook(List<String> command, Map<String, String> environment, Duration deadline) {
  public Hook {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Without the values of its variables, which may be secrets. */
  @Override
  public String toString() {
    return "%s within %s with %s".formatted(command, deadline, environment.keySet());
  }
}
