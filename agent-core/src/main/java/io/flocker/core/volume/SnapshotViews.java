package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.FileCalls;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets what a snapshot contains be read, beside whatever happens to its volume: a clone of it,
 * mounted read-only where nobody but this user looks. Any thread may call; every method blocks on
 * ZFS.
 */
public final class SnapshotViews {
  /** Begins the names of the clones, which are nobody's volumes. */
  private static final String PREFIX = "flocker-view-";

  /** No name of a volume begins with a dot. */
  private static final String FOLDER = ".flocker-views";

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final Path root;
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  SnapshotViews(Storage storage, VolumeCatalog catalog, VolumeLocks locks, LocalNode home) {
    this.storage = storage;
    this.catalog = catalog;
    this.locks = locks;
    this.root = home.mountRoot().resolve(FOLDER);
  }

  /** Whether a dataset is a snapshot that is being read. */
  static boolean isView(String dataset) {
    return dataset.substring(dataset.lastIndexOf('/') + 1).startsWith(PREFIX);
  }

  /** A snapshot whose content can be read until this is closed. */
  public final class View implements AutoCloseable {
    private final String clone;
    private final Path folder;

    private View(String clone, Path folder) {
      this.clone = clone;
      this.folder = folder;
    }

    /** Where its root is. */
    public Path folder() {
      return folder;
    }

    /** Takes it away; what cannot be taken away now is left to {@link #sweep}. */
    @Override
    public void close() {
      try {
        remove(clone, folder);
      } catch (FailureException e) {
        Action.traceback(e);
      } finally {
        open.remove(clone);
      }
    }
  }

  /**
   * Opens a view. While it is open the snapshot cannot be destroyed, and nothing else is kept from
   * anybody.
   *
   * @throws FailureException {@code VOLUME_NOT_FOUND}, {@code DATASET_NOT_FOUND}, or {@code
   *     VOLUME_LOCKED} by who is about to change its snapshots
   */
  public View open(VolumeId id, Guid guid) throws FailureException {
    String name = PREFIX + UUID.randomUUID();
    String clone = storage.poolName() + "/" + name;
    Path folder = root.resolve(name);
    View view = new View(clone, folder);
    open.add(clone);
    try {
      prepare(folder);
      try (VolumeLocks.Lease _ = locks.share(id, "view of a snapshot")) {
        Volume volume = catalog.require(id);
        Snapshot snapshot =
            volume
                .dataset()
                .snapshot(guid)
                .orElseThrow(() ->
                    StorageFailure.DATASET_NOT_FOUND.because(
                        "volume %s has no snapshot with guid %s here"
                            .formatted(volume.name(), guid)));
        storage.cloneSnapshot(volume.dataset().name(), snapshot.name(), clone, 0);
      }
      storage.setReadonly(clone, true);
      storage.setProperty(clone, "mountpoint", folder.toString());
      storage.mountReadonly(clone);
      return view;
    } catch (FailureException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /**
   * Takes away what an earlier daemon had open, and what could not be taken away at once: each has
   * a folder for as long as it may have a clone, so that ZFS is asked about leftovers alone.
   */
  void sweep() throws FailureException {
    for (Path folder : folders()) {
      String clone = storage.poolName() + "/" + folder.getFileName();
      if (folder.getFileName().toString().startsWith(PREFIX) && !open.contains(clone)) {
        remove(clone, folder);
        Action.message(MessageType.LEFTOVER_REMOVED, Map.of("kind", "view", "what", clone));
      }
    }
  }

  private List<Path> folders() {
    try {
      return FileCalls.ask(root, () -> MountFolder.entries(root));
    } catch (IOException e) {
      Action.traceback(e); // The next sweep looks again.
      return List.of();
    }
  }

  private void prepare(Path folder) throws FailureException {
    MountFolder.make(folder);
    MountFolder.closeForOthers(root);
  }

  private void remove(String clone, Path folder) throws FailureException {
    if (storage.dataset(clone).isPresent()) {
      storage.unmount(clone);
      storage.destroy(clone);
    }
    boolean _ = MountFolder.removeIfEmpty(folder);
  }
}
