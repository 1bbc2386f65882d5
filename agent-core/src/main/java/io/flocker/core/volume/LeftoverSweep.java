package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.FileCalls;
import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.HoldJournal.Entry;
import io.flocker.core.volume.VolumeLocks.Lease;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Takes away what a crash, or a peer that was taken out, has left behind: holds of operations that
 * have ended and of peers that are none any more, bookmarks that are nobody's base, views of
 * snapshots that nobody reads, empty folders of volumes that have gone. Makes copies sealed again
 * that somebody has opened by hand, and puts quotas in force that did not fit when their volume
 * came. What is in use is left to the next round. One thread at a time; blocks on ZFS.
 */
public final class LeftoverSweep {
  /** Between two looks at the whole pool; what is written down is looked at in every round. */
  private static final Duration POOL_PAUSE = Duration.ofHours(1);

  /** How soon a pool is looked at again that could not be looked at. */
  private static final Duration RETRY_PAUSE = Duration.ofMinutes(5);

  /** A folder that is younger may be one that a volume is being mounted on. */
  private static final Duration FOLDER_AGE = Duration.ofHours(1);

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;
  private final VolumeLocks locks;
  private final LeftoverHolds leftovers;
  private final SnapshotViews views;
  private final InstantSource clock;
  private Instant nextPool = Instant.MIN;

  /**
   * A sweep of what {@code node} holds.
   *
   * @param isAtWork whether an operation has not ended
   */
  public LeftoverSweep(NodeVolumes node, Predicate<UUID> isAtWork, InstantSource clock) {
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.home = node.home();
    this.locks = node.locks();
    this.leftovers = new LeftoverHolds(node, isAtWork, clock);
    this.views = node.views();
    this.clock = clock;
  }

  /** Sweeps what is written down and, in the first round and hourly, the pool. */
  public synchronized void round() throws FailureException {
    releaseHolds();
    if (!clock.instant().isBefore(nextPool)) {
      nextPool = clock.instant().plus(RETRY_PAUSE);
      sweepPool();
      nextPool = clock.instant().plus(POOL_PAUSE);
    }
  }

  /** Releases the holds that are written down and needed no more. */
  public synchronized void releaseHolds() throws FailureException {
    for (Map.Entry<VolumeId, List<Entry>> volume : leftovers.find().entrySet()) {
      alone(volume.getKey(), () -> leftovers.release(volume.getKey(), volume.getValue()));
    }
  }

  private void sweepPool() throws FailureException {
    views.sweep();
    List<Volume> volumes = catalog.list();
    for (Volume volume : volumes) {
      if (!deadBookmarks(volume).isEmpty()) {
        alone(volume.id(), () -> destroyBookmarks(catalog.require(volume.id())));
      }
      if (isOverfull(volume)) {
        alone(volume.id(), () -> limit(catalog.require(volume.id())));
      }
      if (isOpenCopy(volume)) {
        alone(volume.id(), () -> seal(catalog.require(volume.id())));
      }
    }
    removeFolders(volumes);
  }

  private List<Bookmark> deadBookmarks(Volume volume) {
    return volume.dataset().bookmarks().stream()
        .filter(bookmark ->
            BookmarkName.parse(bookmark.name())
                .filter(name -> !leftovers.isBase(volume.id(), name.node(), name.guid()))
                .isPresent())
        .toList();
  }

  private void destroyBookmarks(Volume volume) throws FailureException {
    for (Bookmark bookmark : deadBookmarks(volume)) {
      storage.destroyBookmark(volume.dataset().name(), bookmark.name());
      tell("bookmark", volume.dataset().name() + bookmark.reference());
    }
  }

  /** Whether its quota could not be put in force when it arrived, being less than its content. */
  private static boolean isOverfull(Volume volume) {
    Dataset dataset = volume.dataset();
    return volume.role() == Role.OWNER && dataset.isMounted() && dataset.isSealed();
  }

  private void limit(Volume volume) throws FailureException {
    Optional<Path> mountpoint = volume.dataset().mountpoint();
    if (isOverfull(volume) && mountpoint.isPresent()) {
      catalog.records().mountWritable(volume.id(), volume.dataset().name(), mountpoint.get());
    }
  }

  private static boolean isOpenCopy(Volume volume) {
    Dataset copy = volume.dataset();
    boolean isClosed = copy.isSealed() && copy.isReadonly() && copy.quotaBytes() == 0;
    return volume.role() == Role.REPLICA && !isClosed;
  }

  private void seal(Volume volume) throws FailureException {
    if (isOpenCopy(volume)) {
      storage.seal(volume.dataset().name(), Map.of());
    }
  }

  private void removeFolders(List<Volume> volumes) {
    Set<String> used =
        volumes.stream()
            .filter(volume -> volume.role() != Role.REPLICA)
            .map(volume -> volume.name().toString())
            .collect(Collectors.toUnmodifiableSet());
    Instant unusedSince = clock.instant().minus(FOLDER_AGE);
    for (Path folder : folders()) {
      String name = folder.getFileName().toString();
      if (!used.contains(name)
          && isVolumes(name)
          && MountFolder.removeIfUnused(folder, unusedSince)) {
        tell("folder", folder.toString());
      }
    }
  }

  private List<Path> folders() {
    Path root = home.mountRoot();
    try {
      return FileCalls.ask(root, () -> MountFolder.entries(root));
    } catch (IOException e) {
      Action.traceback(e); // Not ours to read.
      return List.of();
    }
  }

  private static boolean isVolumes(String folder) {
    try {
      return VolumeName.parse(folder).toString().equals(folder);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private interface Cleaning {
    void run() throws FailureException;
  }

  /**
   * Cleans a volume that nobody works on; the next round comes to the others. Who comes meanwhile
   * waits: nobody is refused for what nobody asked for.
   */
  private void alone(VolumeId volume, Cleaning cleaning) {
    try (Lease _ = locks.ownBriefly(volume, "sweep")) {
      cleaning.run();
    } catch (FailureException e) {
      if (e.failure() != OwnershipFailure.VOLUME_LOCKED
          && e.failure() != OwnershipFailure.VOLUME_NOT_FOUND
          && e.failure() != StorageFailure.DATASET_BUSY) {
        Action.traceback(e);
      }
    }
  }

  static void tell(String kind, String what) {
    Action.message(MessageType.LEFTOVER_REMOVED, Map.of("kind", kind, "what", what));
  }
}
