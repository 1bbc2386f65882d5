package io.flocker.core.volume.ownership;

import io.flocker.core.grant.Grant;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.OwnershipRecord;
import java.util.UUID;

/**
 * That a node owns a volume.
 *
 * @param epoch at which it came to
 * @param operation by which it did
 */
public record Tenure(NodeId owner, long epoch, UUID operation) {
  /** What a grant says. */
  public static Tenure of(Grant grant) {
    return new Tenure(grant.to(), grant.epoch(), grant.operation());
  }

  /**
   * What a record says, which is not the record of a copy: that names the stream that it came by.
   */
  public static Tenure of(OwnershipRecord record) {
    return new Tenure(record.node(), record.epoch(), record.operation());
  }
}
