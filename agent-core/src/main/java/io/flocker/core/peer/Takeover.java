package io.flocker.core.peer;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether a peer may ever take a volume over without its owner's release. */
public enum Takeover {
  /** Never; this node does not ask it before it mounts. */
  NEVER,
  /** An operator may tell it to. */
  MANUAL;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
