package io.flocker.core.replicate.change;

import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.os.FileCalls;
import io.flocker.core.os.FileSystemEvents;
import io.flocker.core.os.NativeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells at once of what is written anywhere in a mounted volume, by fanotify(7): a hint, that
 * misses what is written through mapped memory. Where a kernel, its rights or a file system have no
 * such thing the volume's folders are watched one by one. Any thread.
 */
final class MountHints implements AutoCloseable {
  private record Marked(Path mountpoint, long number) {}

  private final FileSystemEvents events;
  private final ChangeListener listener;
  private final Runnable missed;
  private final InstantSource clock;
  private final Duration gap;
  private final Map<VolumeId, Marked> marked = new ConcurrentHashMap<>();
  private final Map<Long, VolumeId> volumes = new ConcurrentHashMap<>();

  private MountHints(
      FileSystemEvents events,
      ChangeListener listener,
      Runnable missed,
      InstantSource clock,
      Duration gap) {
    this.events = events;
    this.listener = listener;
    this.missed = missed;
    this.clock = clock;
    this.gap = gap;
  }

  /**
   * Begins to listen.
   *
   * @param missed is called when more has happened than the kernel had room for
   * @param gap what happens within that time is told together
   * @return empty where this process has no fanotify
   */
  static Optional<MountHints> begin(
      ChangeListener listener, Runnable missed, InstantSource clock, Duration gap) {
    FileSystemEvents events;
    try {
      events = FileSystemEvents.open();
    } catch (IOException _) {
      return Optional.empty(); // Not root, an old kernel, a container: folders do.
    }
    MountHints hints = new MountHints(events, listener, missed, clock, gap);
    // It waits in the kernel, where it would keep a virtual thread's carrier.
    var _ = Thread.ofPlatform().daemon().name("mount-hints").start(hints::listen);
    return Optional.of(hints);
  }

  /**
   * Watches a volume that has just been mounted, until it is unmounted.
   *
   * @return whether it is watched; false where this file system cannot tell
   */
  boolean watch(VolumeId volume, Path mountpoint) throws IOException {
    OptionalLong number;
    try {
      number = events.mark(mountpoint);
    } catch (NativeException _) {
      return false;
    }
    if (number.isEmpty()) {
      return false;
    }
    marked.put(volume, new Marked(mountpoint, number.getAsLong()));
    volumes.put(number.getAsLong(), volume);
    return true;
  }

  /** Whether {@link #watch} has said so. */
  boolean isWatched(VolumeId volume) {
    return marked.containsKey(volume);
  }

  /** Watches it no more. */
  void forget(VolumeId volume) {
    Marked gone = marked.remove(volume);
    if (gone == null || !volumes.remove(gone.number(), volume)) {
      return;
    }
    try {
      boolean _ =
          FileCalls.ask(
              gone.mountpoint(),
              () -> {
                events.unmark(gone.mountpoint(), gone.number());
                return true;
              });
    } catch (IOException _) {
      // It is unmounted, and its mark went with it, or what it goes on telling is left out.
    }
  }

  @Override
  public void close() {
    events.close();
  }

  private void listen() {
    try {
      while (true) {
        FileSystemEvents.@Nullable Happened happened = events.take().orElse(null);
        if (happened == null) {
          return;
        }
        tell(happened);
        Thread.sleep(gap);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      Action.traceback(e);
    }
  }

  private void tell(FileSystemEvents.Happened happened) {
    if (happened.isOverflown()) {
      missed.run();
    }
    for (long number : happened.fileSystems()) {
      VolumeId volume = volumes.get(number);
      if (volume != null) {
        listener.changed(volume, clock.instant());
      }
    }
  }
}
