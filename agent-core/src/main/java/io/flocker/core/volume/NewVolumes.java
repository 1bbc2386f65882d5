package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives datasets their first record: those that are made here, and those that were found without.
 * Any thread; blocks on ZFS.
 */
final class NewVolumes {
  /** Makes the dataset of a new volume. */
  @FunctionalInterface
  interface Maker {
    void make(String dataset) throws FailureException;
  }

  private final Storage storage;
  private final NodeId self;
  private final EpochMemory epochs;
  private final VolumeResolver resolver;
  private final VolumeIndex index;
  private final OwnershipRecords records;
  private final VolumeEvents events;
  private final FirstRecords firstRecords = new FirstRecords();

  NewVolumes(
      Storage storage,
      NodeId self,
      EpochMemory epochs,
      VolumeResolver resolver,
      VolumeIndex index,
      OwnershipRecords records,
      VolumeEvents events) {
    this.storage = storage;
    this.self = self;
    this.epochs = epochs;
    this.resolver = resolver;
    this.index = index;
    this.records = records;
    this.events = events;
  }

  /**
   * Makes sure that no volume of that id or name is known here.
   *
   * @throws FailureException {@code VOLUME_EXISTS}
   */
  void refuseKnown(VolumeId id, VolumeName name) throws FailureException {
    for (VolumeHead known : index.all()) {
      // A replica's name too: one day the replica is to be mounted where the name says.
      if (known.id().equals(id) || known.name().equals(name)) {
        throw known.inTheWay(self);
      }
    }
  }

  /**
   * Makes a volume of this node, not mounted, once {@link VolumeCatalog#requireUnknown} has looked
   * around.
   *
   * @param isFresh whether this node made up the id
   * @throws FailureException {@code VOLUME_EXISTS}
   */
  Volume add(VolumeId id, boolean isFresh, VolumeName name, Maker maker) throws FailureException {
    String dataset = new DatasetName(self, name).in(storage.poolName());
    return firstRecords.make(
        dataset,
        () -> {
          refuseKnown(id, name);
          epochs.refuseStale(id, 0);
          return AllOrNothing.make(change -> {
            make(dataset, maker, change);
            Dataset made = dataset(dataset);
            return own(
                made, new OwnershipEvent.Created(id, UUID.randomUUID(), made.guid(), isFresh));
          });
        });
  }

  /** Nothing of that name was there a moment ago: what is there after a failure is half made. */
  private void make(String dataset, Maker maker, AllOrNothing change) throws FailureException {
    try {
      maker.make(dataset);
    } catch (FailureException | RuntimeException e) {
      boolean isSomebodyElses =
          e instanceof FailureException refused
              && refused.failure() == StorageFailure.DATASET_EXISTS;
      if (!isSomebodyElses) {
        change.onFailure(() -> discard(dataset));
      }
      throw e;
    }
    change.onFailure(() -> discard(dataset));
  }

  private void discard(String dataset) throws FailureException {
    if (storage.dataset(dataset).isPresent()) {
      storage.destroy(dataset);
    }
    index.remove(dataset);
  }

  /** The dataset with a record, if it was to have one; empty as of {@link #adopt}. */
  Optional<Dataset> adopted(Dataset dataset) throws FailureException {
    return resolver.isOrphan(dataset.head()) ? adopt(dataset.name()) : Optional.of(dataset);
  }

  /**
   * Gives a dataset that was found without a record its first one.
   *
   * @return empty for one that {@link #add} is making just now, or that has gone
   */
  Optional<Dataset> adopt(String name) throws FailureException {
    return firstRecords.adopt(name, () -> lookAndAdopt(name));
  }

  private Optional<Dataset> lookAndAdopt(String name) throws FailureException {
    Optional<Dataset> dataset = storage.dataset(name);
    if (dataset.map(Dataset::head).filter(resolver::isOrphan).isEmpty()) {
      return dataset;
    }
    Dataset found = dataset.get();
    Volume volume =
        own(found, new OwnershipEvent.Adopted(VolumeId.random(), UUID.randomUUID(), found.guid()));
    events.created(volume);
    Action.message(
        MessageType.VOLUME_ADOPTED, Map.of("volume", volume.id().toString(), "dataset", name));
    return Optional.of(volume.dataset());
  }

  /** Writes the first record of a dataset. */
  private Volume own(Dataset dataset, OwnershipEvent event) throws FailureException {
    var _ = records.agree(dataset, event);
    OwnershipRecord first = records.apply(dataset, event).orElseThrow();
    return resolver.resolve(List.of(dataset.with(first))).getFirst();
  }

  private Dataset dataset(String name) throws FailureException {
    return storage
        .dataset(name)
        .orElseThrow(
            () -> OwnershipFailure.VOLUME_NOT_FOUND.because("the dataset " + name + " is gone"));
  }
}
