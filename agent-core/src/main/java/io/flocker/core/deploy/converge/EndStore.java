package io.flocker.core.deploy.converge;

import io.flocker.core.failure.FailureException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps over restarts which containers were seen to end by themselves, and when: an engine tells of
 * none whether it or the engine before made an end of it. Any thread may call; blocks on the disk.
 */
public interface EndStore {
  /**
   * All of them, by the container's id; times to the millisecond. Empty before the first {@link
   * #write}: then nobody has seen what ended until now.
   */
  Optional<Map<String, Instant>> read() throws FailureException;

  /** Replaces all of them. */
  void write(Map<String, Instant> ends) throws FailureException;
}
