package io.flocker.core.event;

import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Permissions;
import io.flocker.core.identity.Principal;
import java.util.Set;

/**
 * Which events somebody wants and may have.
 *
 * @param reader who listens
 * @param permissions what the reader may have of what is not for everybody
 * @param types all of them if empty
 * @param volumes only what is about these; everything if empty
 */
public record EventFilter(
    Principal reader, Permissions permissions, Set<EventType> types, Set<VolumeId> volumes) {
  /** Everything that is for everybody or for {@code reader} alone. */
  public static EventFilter all(Principal reader) {
    return new EventFilter(reader, Permissions.NONE, Set.of(), Set.of());
  }

  boolean takes(Entry entry) {
    if (entry.onlyFor().isPresent() && !entry.onlyFor().get().includes(reader, permissions)) {
      return false;
    }
    return entry.type() == EventType.GAP
        || ((types.isEmpty() || types.contains(entry.type()))
            && (volumes.isEmpty() || entry.volume().filter(volumes::contains).isPresent()));
  }
}
