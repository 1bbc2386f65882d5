package io.flocker.core.transfer;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a stream goes, seen from this node. */
public enum TransferDirection {
  IN,
  OUT;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
