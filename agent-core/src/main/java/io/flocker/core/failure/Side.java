package io.flocker.core.failure;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a failure comes from. */
public enum Side {
  /** Whoever sent the request. */
  CALLER,
  /** The node that answers. */
  NODE,
  /** The node that sends a stream. */
  SENDER,
  /** The node that receives a stream. */
  RECEIVER,
  /** The link between two nodes. */
  LINK;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
