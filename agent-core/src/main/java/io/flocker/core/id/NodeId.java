package io.flocker.core.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** A node: the uuid of its {@code volume.json} and of its certificate. */
public record NodeId(UUID uuid) {
  /** A fresh random id. */
  public static NodeId random() {
    return new NodeId(UUID.randomUUID());
  }

  /**
   * Parses a lower-case uuid with dashes.
   *
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  @JsonCreator
  public static NodeId parse(String text) {
    return new NodeId(Uuids.parse("node", text));
  }

  @JsonValue
  @Override
  public String toString() {
    return uuid.toString();
  }
}
