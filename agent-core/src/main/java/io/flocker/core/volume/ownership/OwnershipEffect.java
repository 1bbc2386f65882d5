package io.flocker.core.volume.ownership;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.OwnershipRecord;

/** What is to be done because of an event, in the order in which it is told. */
public sealed interface OwnershipEffect {
  /** Keep boots from mounting the dataset and everybody from writing it. */
  record Protect() implements OwnershipEffect {}

  /**
   * Take the volume away from whoever writes it: readonly, unmounted. Where it is in use the
   * effects that follow are carried out all the same, and the unmount is tried again.
   */
  record Fence() implements OwnershipEffect {}

  /** Write the record into the dataset, and remember its epoch. */
  record Write(OwnershipRecord record) implements OwnershipEffect {}

  /** Take the record away from the dataset. */
  record Forget() implements OwnershipEffect {}

  /**
   * Tell whoever listens.
   *
   * @param isNew whether the volume was not here before
   */
  record Announce(OwnershipRecord record, boolean isNew) implements OwnershipEffect {}

  /** Refuse what was asked for. */
  record Refuse(FailureException why) implements OwnershipEffect {}
}
