package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.FileCalls;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

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

  /** How long whoever reads is waited for when he is asked to leave. */
  private static final Duration LEAVING = Duration.ofSeconds(20);

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final Path root;
  private final Map<String, View> open = new ConcurrentHashMap<>();

  /** So that nobody takes the root away in which another one is just making his folder. */
  private final Lock making = new ReentrantLock();

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
    private final CountDownLatch closed = new CountDownLatch(1);
    private Optional<Runnable> leave = Optional.empty();
    private boolean isWanted;

    private View(String clone, Path folder) {
      this.clone = clone;
      this.folder = folder;
    }

    /** Where its root is. */
    public Path folder() {
      return folder;
    }

    /** Has {@code leave} called when somebody wants to destroy the snapshot; does not wait. */
    public void onWanted(Runnable hook) {
      synchronized (this) {
        leave = Optional.of(hook);
        if (!isWanted) {
          return;
        }
      }
      hook.run();
    }

    /** Whether somebody wants to destroy the snapshot, so that reading it ends. */
    public synchronized boolean isWanted() {
      return isWanted;
    }

    private void want() {
      Optional<Runnable> hook;
      synchronized (this) {
        isWanted = true;
        hook = leave;
      }
      hook.ifPresent(Runnable::run);
    }

    /** Takes it away; what cannot be taken away now is left to {@link #sweep}. */
    @Override
    public void close() {
      try {
        remove(clone, folder);
      } catch (FailureException e) {
        Action.traceback(e);
      } finally {
        var _ = open.remove(clone);
        closed.countDown();
      }
    }
  }

  /**
   * Opens a view. Who wants to destroy the snapshot has whoever reads it leave; nothing else is
   * kept from anybody.
   *
   * @throws FailureException {@code VOLUME_NOT_FOUND}, {@code DATASET_NOT_FOUND}, or {@code
   *     VOLUME_LOCKED} by who is about to change its snapshots
   */
  public View open(VolumeId id, Guid guid) throws FailureException {
    String name = PREFIX + UUID.randomUUID();
    String clone = storage.poolName() + "/" + name;
    Path folder = root.resolve(name);
    View view = new View(clone, folder);
    open.put(clone, view);
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
   * Has those who read leave, since what they read is to be destroyed, and waits until they have.
   *
   * @param clones as they are called in the pool
   * @throws FailureException {@code CANCELLED} if the thread is interrupted
   */
  void leave(Collection<String> clones) throws FailureException {
    List<View> views = clones.stream().flatMap(one -> Stream.ofNullable(open.get(one))).toList();
    views.forEach(View::want);
    long deadline = System.nanoTime() + LEAVING.toNanos();
    try {
      for (View view : views) {
        boolean _ = view.closed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("interrupted while a comparison of copies gave way")
          .causedBy(e);
    }
  }

  /**
   * Takes away what an earlier daemon had open, and what could not be taken away at once: each has
   * a folder for as long as it may have a clone, so that ZFS is asked about leftovers alone.
   */
  void sweep() throws FailureException {
    for (Path folder : folders()) {
      String clone = storage.poolName() + "/" + folder.getFileName();
      if (folder.getFileName().toString().startsWith(PREFIX) && !open.containsKey(clone)) {
        remove(clone, folder);
        Action.message(MessageType.LEFTOVER_REMOVED, Map.of("kind", "view", "what", clone));
      }
    }
    removeRoot();
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
    making.lock();
    try {
      MountFolder.make(folder);
      MountFolder.closeForOthers(root);
    } finally {
      making.unlock();
    }
  }

  private void remove(String clone, Path folder) throws FailureException {
    if (storage.dataset(clone).isPresent()) {
      storage.unmount(clone);
      storage.destroy(clone);
    }
    boolean _ = MountFolder.removeIfEmpty(folder);
    removeRoot();
  }

  /** A folder that stays would keep a pool from being made anew where volumes are mounted. */
  private void removeRoot() {
    making.lock();
    try {
      boolean _ = MountFolder.removeIfEmpty(root);
    } finally {
      making.unlock();
    }
  }
}
