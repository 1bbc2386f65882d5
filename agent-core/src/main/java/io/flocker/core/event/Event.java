package io.flocker.core.event;

import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that has happened.
 *
 * @param volume which volume it is about, if it is about one
 * @param onlyFor the only ones who may be told; empty for everybody who may read events
 * @param members what there is to say beside that: values that Jackson writes, which do not change
 */
public record Event(
    EventType type,
    Instant time,
    Optional<VolumeId> volume,
    Optional<Audience> onlyFor,
    Map<String, ?> members) {
  /** Something that happened just now, about no volume. */
  public static Event of(EventType type, Map<String, ?> members) {
    return new Event(type, now(), Optional.empty(), Optional.empty(), members);
  }

  /** Something that happened just now, to a volume if there is one. */
  public static Event of(EventType type, Optional<VolumeId> volume, Map<String, ?> members) {
    return new Event(type, now(), volume, Optional.empty(), members);
  }

  /** Something that happened to a volume just now. */
  public static Event of(EventType type, VolumeId volume, Map<String, ?> members) {
    return new Event(type, now(), Optional.of(volume), Optional.empty(), members);
  }

  /** The same, kept from everybody else. */
  public Event onlyFor(Audience audience) {
    return new Event(type, time, volume, Optional.of(audience), members);
  }

  /** The event as listeners see it. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", type.toString());
    document.put("time", time);
    volume.ifPresent(id -> document.put("volume", id));
    document.putAll(members);
    return document;
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
