package io.flocker.core.volume;

import com.fasterxml.jackson.annotation.JsonValue;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.OwnershipRecord;
import java.util.Locale;

/** What this node is to a volume that has a dataset here. */
public enum Role {
  /** This node may write. */
  OWNER,
  /** Another node owns the volume; this is its copy. */
  REPLICA,
  /** Given away by or to this node, not taken yet. */
  RELEASED,
  /** Two nodes claim it; read-only until the operator chooses. */
  CONTESTED,
  /**
   * Another owner is proven to come later; this copy is kept, read-only, until the operator
   * chooses.
   */
  SUPERSEDED;

  /** What {@code node} is to a volume whose dataset bears that record. */
  static Role of(OwnershipRecord record, NodeId node) {
    return switch (record.state()) {
      case RELEASED -> RELEASED;
      case CONTESTED -> CONTESTED;
      case SUPERSEDED -> SUPERSEDED;
      case OWNED -> record.node().equals(node) ? OWNER : REPLICA;
    };
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
