package io.flocker.core.volume;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What this node is to a volume that has a dataset here. */
public enum Role {
  /** This node may write. */
  OWNER,
  /** Another node owns the volume; this is its copy. */
  REPLICA,
  /** Given away by or to this node, not taken yet. */
  RELEASED,
  /** Two nodes claim it; read-only until the operator chooses. */
  CONTESTED;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
