package io.flocker.core.deploy.engine;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * Something that happened to a container of flockerd's.
 *
 * @param exitCode how it ended, of {@link Kind#ENDED}
 */
public record EngineEvent(
    Kind kind, String containerId, String application, OptionalInt exitCode, Instant time) {
  /** What can happen. */
  public enum Kind {
    CREATED,
    STARTED,
    /** Its first process has ended, in whatever way. */
    ENDED,
    /** One of its processes was killed for want of memory. */
    OUT_OF_MEMORY,
    REMOVED,
    /** It has become healthy, or is no longer. */
    HEALTH,
    /** Somebody has paused it, renamed it or changed its limits, or the like. */
    CHANGED
  }
}
