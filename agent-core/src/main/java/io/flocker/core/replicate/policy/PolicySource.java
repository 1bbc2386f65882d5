package io.flocker.core.replicate.policy;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whose policy it is that holds for a volume. */
public enum PolicySource {
  /** The volume's own, as a user said it. */
  VOLUME,
  /** The volume's own, as the cluster's wish says it. */
  CONFIGURATION,
  /** That of its namespace. */
  NAMESPACE,
  /** Nobody's. */
  NONE;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
