package io.flocker.core.failure;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What trying again can do about a failure. */
public enum Retry {
  /** Nothing; somebody has to change something first. */
  NEVER,
  /** Ask both sides anew what they have, then plan anew. */
  RE_PLAN,
  /** Continue the stream where it was cut. */
  RESUME,
  /** The same again, later. */
  LATER;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
