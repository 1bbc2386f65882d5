package io.flocker.core.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** A volume's lineage: what stays the same when its owner, name or node changes. */
public record VolumeId(UUID uuid) {
  /** A fresh random id. */
  public static VolumeId random() {
    return new VolumeId(UUID.randomUUID());
  }

  /**
   * Parses a lower-case uuid with dashes.
   *
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  @JsonCreator
  public static VolumeId parse(String text) {
    return new VolumeId(Uuids.parse("volume", text));
  }

  @JsonValue
  @Override
  public String toString() {
    return uuid.toString();
  }
}
