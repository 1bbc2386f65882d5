package io.flocker.core.event;

import java.util.Optional;

/** Writes an event as all of its listeners will get it. On the hub's thread only. */
@FunctionalInterface
public interface EventWriter {
  /** The text of {@code event}, not to be changed any more; empty if it may not be sent. */
  Optional<String> write(EventId id, Event event);
}
