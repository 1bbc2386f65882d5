package io.flocker.core.volume;

import java.util.Locale;

/** Why this flockerd took a snapshot. */
public enum SnapshotPurpose {
  /** To be pushed. */
  PUSH,
  /** The last one before a change of owner. */
  HANDOFF,
  /** Somebody asked for it; it is theirs to destroy. */
  MANUAL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
