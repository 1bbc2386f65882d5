package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ownership.EpochDecider;
import java.util.Optional;

/**
 * What the owner grants, or a user has signed, is decided by that: no other node is asked, and an
 * epoch is refused only if this node remembers a higher one. Two that are made at once, as by two
 * users at two nodes, are contested when they meet. Any thread may call.
 */
public final class SignedEpochs implements EpochDecider {
  private final EpochMemory memory;

  /** By what a node remembers. */
  public SignedEpochs(EpochMemory memory) {
    this.memory = memory;
  }

  @Override
  public void agree(Optional<OwnershipRecord> known, OwnershipRecord next) throws FailureException {
    memory.refuseStale(next.lineage(), next.epoch());
  }
}
