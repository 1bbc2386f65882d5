package io.flocker.core.operation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/** How far an operation is. */
public enum OperationState {
  /** It waits until fewer are running. */
  QUEUED,
  /** It goes on. */
  RUNNING,
  /** It did what was asked. */
  SUCCEEDED,
  /** It did not; its problem says why. */
  FAILED,
  /** Somebody ended it. */
  CANCELLED;

  /** Whether nothing changes any more. */
  public boolean isEnd() {
    return this != QUEUED && this != RUNNING;
  }

  /**
   * The state of that name.
   *
   * @throws IllegalArgumentException naming all there are
   */
  public static OperationState parse(String text) {
    for (OperationState state : values()) {
      if (state.toString().equals(text)) {
        return state;
      }
    }
    throw new IllegalArgumentException(
        "an operation is " + List.of(values()) + ", never '" + text + "'");
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
