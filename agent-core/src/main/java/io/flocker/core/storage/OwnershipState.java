package io.flocker.core.storage;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What an ownership record says about its node. */
public enum OwnershipState {
  /** The node may write. */
  OWNED,
  /** The volume was given to the node, which has not said yet that it took it. */
  RELEASED,
  /** Two nodes claim the same epoch: nobody may write until the operator chooses. */
  CONTESTED,
  /**
   * The node owns the volume by a later proof than the copy's: nobody may write the copy, which is
   * kept until the operator chooses.
   */
  SUPERSEDED;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
