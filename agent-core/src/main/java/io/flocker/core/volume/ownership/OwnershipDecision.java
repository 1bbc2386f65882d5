package io.flocker.core.volume.ownership;

import io.flocker.core.storage.OwnershipRecord;
import java.util.List;
import java.util.Optional;

/**
 * What an event leads to.
 *
 * @param record the record from then on; empty if there is none still
 * @param effects what is to be done, in this order
 */
public record OwnershipDecision(Optional<OwnershipRecord> record, List<OwnershipEffect> effects) {
  public OwnershipDecision {
    effects = List.copyOf(effects);
  }
}
