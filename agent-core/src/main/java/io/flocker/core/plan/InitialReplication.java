package io.flocker.core.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/** What a receiver that has no copy yet is given: how much of the volume's history travels. */
public enum InitialReplication {
  /** The newest wanted snapshot alone. */
  LATEST,
  /** Every wanted snapshot, the oldest first. */
  ALL,
  /** Nothing: somebody has to bring the first copy by other means. */
  FAIL;

  /**
   * What users can ask for, as {@link #toString} writes it.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static InitialReplication parse(String name) {
    for (InitialReplication initial : List.of(ALL, LATEST)) {
      if (initial.toString().equals(name)) {
        return initial;
      }
    }
    throw new IllegalArgumentException("a history is 'all' or 'latest', not '" + name + "'");
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
