package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes and destroys snapshots of volumes, and tells of it. Any thread may call; every method
 * blocks on ZFS.
 */
public final class VolumeSnapshots {
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeEvents events;
  private final VolumeMutex decisions = new VolumeMutex();

  VolumeSnapshots(Storage storage, VolumeCatalog catalog, VolumeEvents events) {
    this.storage = storage;
    this.catalog = catalog;
    this.events = events;
  }

  /** While one is taken about a volume no snapshot of it comes or goes. */
  VolumeMutex decisions() {
    return decisions;
  }

  /**
   * Takes a snapshot.
   *
   * @param name a free one
   */
  public Snapshot take(Volume volume, String name) throws FailureException {
    return decisions.take(
        volume.id(),
        () -> {
          String dataset = volume.dataset().name();
          Snapshot taken =
              AllOrNothing.finishMaking(
                  () -> storage.snapshot(dataset, name), () -> taken(volume, name));
          events.taken(volume.id(), taken);
          return taken;
        });
  }

  /**
   * Takes a snapshot of a volume that this node owns, and looks at the volume again.
   *
   * @param name a free one
   * @return the volume with its new snapshot
   * @throws FailureException as {@link VolumeCatalog#requireOwned}; no snapshot is left then
   */
  public Volume takeOfOwned(Volume volume, String name) throws FailureException {
    String dataset = volume.dataset().name();
    return decisions.take(
        volume.id(),
        () ->
            AllOrNothing.make(change -> {
              AllOrNothing.finish(
                  () -> storage.takeSnapshot(dataset, name), () -> taken(volume, name).isPresent());
              change.onFailure(() -> storage.destroySnapshot(dataset, name));
              Volume now = catalog.requireOwned(volume.id());
              events.taken(volume.id(), now.requireSnapshot(name));
              return now;
            }));
  }

  /** One that was there before is not what was to be taken. */
  private Optional<Snapshot> taken(Volume before, String name) throws FailureException {
    return before.dataset().snapshot(name).isPresent()
        ? Optional.empty()
        : storage.dataset(before.dataset().name()).flatMap(there -> there.snapshot(name));
  }

  /** Destroys a snapshot that nobody holds. */
  public void destroy(Volume volume, Snapshot snapshot) throws FailureException {
    var _ =
        decisions.take(
            volume.id(),
            () -> {
              String dataset = volume.dataset().name();
              AllOrNothing.finish(
                  () -> storage.destroySnapshot(dataset, snapshot.name()),
                  () -> isGone(dataset, snapshot));
              events.destroyed(volume.id(), snapshot);
              return snapshot;
            });
  }

  private boolean isGone(String dataset, Snapshot snapshot) throws FailureException {
    return storage
        .dataset(dataset)
        .filter(there -> there.snapshot(snapshot.guid()).isEmpty())
        .isPresent();
  }

  /** Full names of the datasets that are clones of one of those snapshots. */
  List<String> clonesOf(Dataset dataset, List<Snapshot> snapshots) throws FailureException {
    Set<String> origins =
        snapshots.stream()
            .map(snapshot -> dataset.name() + "@" + snapshot.name())
            .collect(Collectors.toUnmodifiableSet());
    return storage.heads().stream()
        .filter(head -> head.origin().filter(origins::contains).isPresent())
        .map(DatasetHead::name)
        .toList();
  }
}
