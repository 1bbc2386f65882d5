package io.flocker.core.replicate.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What becomes of a copy that has changed by itself. */
public enum OnDivergence {
  /** It is told of, and left as it is. */
  REPORT,
  /** Its keeper sets it aside under another name, where it allows that, and is sent a new one. */
  ROTATE;

  /** The one of that name. */
  @JsonCreator
  public static OnDivergence parse(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
