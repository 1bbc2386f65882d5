package io.flocker.core.replicate.change;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.os.FileCalls;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells at once of what is written in volumes: by {@link MountHints} where they serve, else through
 * their folders, by inotify(7). A hint, that misses what is written through mapped memory, and what
 * is below the first so many folders. Any thread.
 */
final class FolderHints implements AutoCloseable {
  /** Of all volumes; the kernel keeps about 1 KiB for each. */
  private static final int MOST_FOLDERS = 50_000;

  /** What happens within that time is told together. */
  private static final Duration GAP = Duration.ofMillis(20);

  private final ChangeListener listener;
  private final InstantSource clock;
  private final WatchService service;
  private final Optional<MountHints> mounts;
  private final Map<WatchKey, VolumeId> keys = new ConcurrentHashMap<>();
  private final Map<VolumeId, WatchKey> roots = new ConcurrentHashMap<>();

  /** The same keys by volume: what one of them costs has nothing to do with the others. */
  private final Map<VolumeId, Set<WatchKey>> watched = new ConcurrentHashMap<>();

  private final AtomicInteger folders = new AtomicInteger();

  /**
   * Begins to listen.
   *
   * @param missed is called when more has happened than the kernel had room for
   */
  FolderHints(ChangeListener listener, Runnable missed, InstantSource clock) throws IOException {
    this.listener = listener;
    this.clock = clock;
    this.service = FileSystems.getDefault().newWatchService();
    this.mounts = MountHints.begin(listener, missed, clock, GAP);
    var _ = Thread.ofVirtual().name("change-hints").start(this::listen);
  }

  /** Whether the volume is watched, as it was mounted when that began. */
  boolean isWatched(VolumeId volume) {
    WatchKey root = roots.get(volume);
    return root != null && root.isValid();
  }

  /**
   * Watches a volume that has just been mounted.
   *
   * @throws IOException if that does not work, or does not answer
   */
  void watch(VolumeId volume, Path mountpoint) throws IOException {
    forget(volume);
    boolean _ =
        FileCalls.ask(
            mountpoint,
            () -> {
              roots.put(volume, watchOne(volume, mountpoint)); // It ends with the mount.
              if (mounts.isEmpty() || !mounts.get().watch(volume, mountpoint)) {
                watchBelow(volume, mountpoint);
              }
              return true;
            });
  }

  /** How many folders are watched. */
  int folders() {
    return folders.get();
  }

  /** Watches it no more. */
  void forget(VolumeId volume) {
    var _ = roots.remove(volume);
    mounts.ifPresent(all -> all.forget(volume));
    for (WatchKey key : watched.getOrDefault(volume, Set.of())) {
      key.cancel();
      drop(key);
    }
  }

  @Override
  public void close() {
    mounts.ifPresent(MountHints::close);
    try {
      service.close();
    } catch (IOException e) {
      Action.traceback(e);
    }
  }

  private WatchKey watchOne(VolumeId volume, Path folder) throws IOException {
    WatchKey key = folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    if (keys.put(key, volume) == null) {
      int _ = folders.incrementAndGet();
    }
    var _ =
        watched.compute(
            volume,
            (_, before) -> {
              Set<WatchKey> all = before == null ? ConcurrentHashMap.newKeySet() : before;
              all.add(key);
              return all;
            });
    return key;
  }

  private void watchBelow(VolumeId volume, Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes)
              throws IOException {
            if (folders.get() >= MOST_FOLDERS) {
              return FileVisitResult.TERMINATE;
            }
            var _ = watchOne(volume, each);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException why) {
            return FileVisitResult.CONTINUE; // It was removed meanwhile, which is a change anyway.
          }
        });
  }

  private void listen() {
    try {
      while (true) {
        heard(service.take());
        Thread.sleep(GAP);
      }
    } catch (InterruptedException | ClosedWatchServiceException _) {
      // Closed.
    }
  }

  private void heard(WatchKey key) {
    @Nullable VolumeId volume = keys.get(key);
    for (WatchEvent<?> event : key.pollEvents()) {
      if (volume != null
          && !mounts.map(all -> all.isWatched(volume)).orElse(false)
          && event.kind().equals(ENTRY_CREATE)
          && event.context() instanceof Path name
          && key.watchable() instanceof Path folder) {
        watchNew(volume, folder.resolve(name));
      }
    }
    if (volume != null) {
      listener.changed(volume, clock.instant());
    }
    if (!key.reset()) {
      drop(key);
    }
  }

  private void watchNew(VolumeId volume, Path made) {
    try {
      boolean _ =
          FileCalls.ask(
              made,
              () -> {
                if (Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) {
                  watchBelow(volume, made);
                }
                return true;
              });
    } catch (IOException _) {
      // The comparison sees what is written there.
    }
  }

  private void drop(WatchKey key) {
    VolumeId volume = keys.remove(key);
    if (volume != null) {
      int _ = folders.decrementAndGet();
      var _ =
          watched.computeIfPresent(
              volume,
              (_, left) -> {
                left.remove(key);
                return left.isEmpty() ? null : left;
              });
    }
  }
}
