package io.flocker.core.event;

import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import java.util.Set;

/**
 * Which events somebody wants and may have.
 *
 * @param reader who listens
 * @param types all of them if empty
 * @param volumes only what is about these; everything if empty
 */
public record EventFilter(Principal reader, Set<EventType> types, Set<VolumeId> volumes) {
  /** Everything that {@code reader} may have. */
  public static EventFilter all(Principal reader) {
    return new EventFilter(reader, Set.of(), Set.of());
  }

  boolean takes(Entry entry) {
    if (entry.onlyFor().isPresent() && !entry.onlyFor().get().equals(reader)) {
      return false;
    }
    return entry.type() == EventType.GAP
        || ((types.isEmpty() || types.contains(entry.type()))
            && (volumes.isEmpty() || entry.volume().filter(volumes::contains).isPresent()));
  }
}
