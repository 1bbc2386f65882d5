package io.flocker.core.operation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far an operation is. */
public enum OperationState {
  /** It goes on. */
  RUNNING,
  /** It did what was asked. */
  SUCCEEDED,
  /** It did not; its problem says why. */
  FAILED,
  /** Somebody ended it. */
  CANCELLED;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
