package io.flocker.core.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a receiver that has no copy yet is given. */
public enum InitialReplication {
  /** The newest wanted snapshot alone. */
  MOST_RECENT,
  /** Every wanted snapshot, the oldest first. */
  ALL,
  /** Nothing: somebody has to bring the first copy by other means. */
  FAIL;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
