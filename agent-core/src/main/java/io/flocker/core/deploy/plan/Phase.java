package io.flocker.core.deploy.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The order in which one object is changed; flocker.md has it from Flocker 0.4. To hand off comes
 * before to wait, so that two nodes that swap volumes do not wait for each other.
 */
public enum Phase {
  RESIZE,
  PREPARE,
  PUSH,
  STOP,
  HAND_OFF,
  AWAIT,
  RESIZE_ARRIVED,
  CREATE,
  REPLICATE,
  ROUTE,
  START;

  /** As it stands in JSON, such as {@code hand-off}. */
  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
