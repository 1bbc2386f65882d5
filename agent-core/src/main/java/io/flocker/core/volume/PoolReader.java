package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what the datasets of the pool are as volumes, and remembers the epochs that they bear. One
 * without a record that is this node's by its name is adopted. Any thread; blocks on ZFS.
 */
final class PoolReader {
  private final Storage storage;
  private final EpochMemory epochs;
  private final VolumeResolver resolver;
  private final VolumeIndex index;
  private final NewVolumes newVolumes;

  PoolReader(
      Storage storage,
      EpochMemory epochs,
      VolumeResolver resolver,
      VolumeIndex index,
      NewVolumes newVolumes) {
    this.storage = storage;
    this.epochs = epochs;
    this.resolver = resolver;
    this.index = index;
    this.newVolumes = newVolumes;
  }

  /** All of them, as they are; the index knows them from then on. */
  List<Volume> volumes() throws FailureException {
    try (VolumeIndex.Listing under = index.list()) {
      List<Dataset> datasets = new ArrayList<>();
      for (Dataset dataset : storage.datasets()) {
        newVolumes.adopted(dataset).ifPresent(datasets::add);
      }
      var _ = fill(under, datasets.stream().map(Dataset::head).toList());
      return observed(resolver.resolve(datasets));
    }
  }

  /** The same without what their datasets hold, which is quicker. */
  List<VolumeHead> heads() throws FailureException {
    try (VolumeIndex.Listing under = index.list()) {
      List<DatasetHead> datasets = new ArrayList<>();
      for (DatasetHead dataset : storage.heads()) {
        if (resolver.isOrphan(dataset)) {
          newVolumes.adopt(dataset.name()).map(Dataset::head).ifPresent(datasets::add);
        } else {
          datasets.add(dataset);
        }
      }
      List<VolumeHead> found = fill(under, datasets);
      for (VolumeHead head : found) {
        observe(head);
      }
      return found;
    }
  }

  /** Each name is read once: there are many. */
  private List<VolumeHead> fill(VolumeIndex.Listing under, List<DatasetHead> datasets) {
    List<VolumeHead> found = new ArrayList<>();
    List<StrayDataset> strays = new ArrayList<>();
    for (DatasetHead dataset : datasets) {
      resolver
          .head(dataset)
          .ifPresentOrElse(
              found::add, () -> VolumeResolver.unnamed(dataset).ifPresent(strays::add));
    }
    under.fill(found, strays);
    return found;
  }

  /**
   * Those that are there.
   *
   * @param names of datasets
   */
  List<Volume> volumes(Set<String> names) throws FailureException {
    List<Dataset> datasets = new ArrayList<>();
    for (String name : names) {
      Optional<Dataset> dataset = storage.dataset(name);
      if (dataset.isPresent()) {
        newVolumes.adopted(dataset.get()).ifPresent(datasets::add);
      }
    }
    return observed(resolver.resolve(datasets));
  }

  private List<Volume> observed(List<Volume> volumes) {
    for (Volume volume : volumes) {
      observe(volume.head());
    }
    return volumes;
  }

  /**
   * A full state folder keeps nobody from reading: the next look remembers the epoch. What a copy
   * bears was remembered when it was proven; a first use nobody has proven, and an epoch that a
   * liar made up would be in its owner's way for ever.
   */
  private void observe(VolumeHead head) {
    try {
      if (head.role() != Role.REPLICA && head.epoch() > epochs.highest(head.id())) {
        epochs.observe(head.id(), head.epoch());
      }
    } catch (FailureException _) {
      // Whoever writes there says what is wrong.
    }
  }
}
