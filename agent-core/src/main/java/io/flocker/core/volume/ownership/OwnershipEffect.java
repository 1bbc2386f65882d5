package io.flocker.core.volume.ownership;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.OwnershipRecord;

/** What is to be done because of an event, in the order in which it is told. */
public sealed interface OwnershipEffect {
  /** Keep boots from mounting the dataset and everybody from writing it. */
  record Protect() implements OwnershipEffect {}

  /** Write the record into the dataset, and remember its epoch. */
  record Write(OwnershipRecord record) implements OwnershipEffect {}

  /**
   * Tell whoever listens.
   *
   * @param isNew whether the volume was not here before
   */
  record Announce(OwnershipRecord record, boolean isNew) implements OwnershipEffect {}

  /** Refuse what was asked for. */
  record Refuse(FailureException why) implements OwnershipEffect {}
}
