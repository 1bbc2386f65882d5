package io.flocker.core.replicate.change;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.loop.RoundLoop;
import io.flocker.core.storage.ChangeMark;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells which volumes are written to: at once by what their folders hint at and what the pool tells
 * of itself, and for sure by a comparison of what ZFS says of all of them, in one command a pool
 * and round. One thread at a time looks around.
 */
public final class Changes implements RoundLoop.Rounds, PoolNews {
  /** Tells which volumes are watched, now; may ask the pool. */
  @FunctionalInterface
  public interface Watched {
    /**
     * All of them.
     *
     * @throws FailureException if the pool does not say
     */
    Map<VolumeId, WatchedVolume> volumes() throws FailureException;
  }

  /** Tells what of the pool is mounted, without asking it. */
  @FunctionalInterface
  public interface Mounted {
    Set<String> datasets() throws IOException;
  }

  /** Between two looks at what is mounted. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  /**
   * Between two comparisons, at least; and between two looks while there is nothing to watch, where
   * nobody has the loop look at once, as for a dataset that was renamed and has its name back.
   */
  private static final Duration COMPARISON = Duration.ofSeconds(10);

  /** The same, at most. */
  private static final Duration LONGEST_COMPARISON = Duration.ofSeconds(30);

  /** How many times its own length a comparison pauses, so that a large pool costs no more. */
  private static final int REST = 200;

  private final Watched watched;
  private final Mounted mounted;
  private final ChangeMarks marks;
  private final ChangeListener listener;
  private final InstantSource clock;
  private final FolderHints hints;
  private final Map<VolumeId, ChangeMark> before = new ConcurrentHashMap<>();

  /** Those that were mounted at the last look, whether they give hints or not. */
  private final Set<VolumeId> present = new HashSet<>();

  private Instant nextComparison = Instant.MIN;

  /** Whether somebody wants a comparison without its pause. */
  private final AtomicBoolean isWanted = new AtomicBoolean();

  private boolean isTold;

  private Changes(
      Watched watched,
      Mounted mounted,
      ChangeMarks marks,
      ChangeListener listener,
      InstantSource clock)
      throws IOException {
    this.watched = watched;
    this.mounted = mounted;
    this.marks = marks;
    this.listener = listener;
    this.clock = clock;
    this.hints = new FolderHints(listener, () -> isWanted.set(true), clock);
  }

  /**
   * Watches; a loop has to have it look around, also once other volumes are to be watched.
   *
   * @throws IOException if the kernel gives no hints
   */
  public static Changes of(
      Watched watched,
      Mounted mounted,
      ChangeMarks marks,
      ChangeListener listener,
      InstantSource clock)
      throws IOException {
    return new Changes(watched, mounted, marks, listener, clock);
  }

  /**
   * All that was written until now is in a snapshot that is sent: only what differs from it is
   * news. Any thread.
   *
   * @param referencedBytes what the dataset referred to when it was snapshotted
   */
  public void snapshotted(VolumeId volume, long referencedBytes) {
    before.put(volume, new ChangeMark(referencedBytes, OptionalLong.empty()));
  }

  @Override
  public void happened(String dataset) {
    try {
      watched
          .volumes()
          .forEach((id, volume) -> {
            if (volume.dataset().equals(dataset)) {
              listener.changed(id, clock.instant());
            }
          });
    } catch (FailureException _) {
      isWanted.set(true); // Whose dataset it is can be seen once the pool answers.
    }
  }

  @Override
  public void missed() {
    isWanted.set(true);
  }

  @Override
  public Optional<Duration> round() {
    Map<VolumeId, WatchedVolume> volumes;
    boolean isAnswered = true;
    try {
      volumes = watched.volumes();
    } catch (FailureException _) {
      volumes = Map.of(); // The pool is away; its return mounts the volumes anew.
      isAnswered = false;
    }
    for (VolumeId gone : Set.copyOf(present)) {
      if (!volumes.containsKey(gone)) {
        hints.forget(gone);
        present.remove(gone);
      }
    }
    before.keySet().retainAll(volumes.keySet());
    if (volumes.isEmpty()) {
      return Optional.of(isAnswered ? COMPARISON : LOOK);
    }
    // What hints fail to tell is what the comparison is there for: it does not wait for them.
    @Nullable Exception wrong = null;
    boolean isComparing = isWanted.getAndSet(false) || !clock.instant().isBefore(nextComparison);
    try {
      hint(volumes, isComparing);
    } catch (IOException e) {
      wrong = e;
    }
    try {
      if (isComparing) {
        Instant begun = clock.instant();
        nextComparison = begun.plus(COMPARISON);
        compare(volumes);
        listener.compared(begun);
        nextComparison = begun.plus(rest(Duration.between(begun, clock.instant())));
      }
    } catch (FailureException e) {
      wrong = e;
    }
    if (wrong != null && !isTold) {
      Action.traceback(wrong);
    }
    isTold = wrong != null; // What stays wrong is told once.
    return Optional.of(LOOK);
  }

  @Override
  public void close() {
    hints.close();
  }

  /**
   * Watches what has been mounted since the last look. That may have been written to before anybody
   * watched, so it is told; what gives no hints is told once, and left to the comparison.
   *
   * @param isRetried whether what could not be watched is tried again
   */
  private void hint(Map<VolumeId, WatchedVolume> volumes, boolean isRetried) throws IOException {
    Set<String> datasets = mounted.datasets();
    @Nullable IOException wrong = null;
    for (Map.Entry<VolumeId, WatchedVolume> volume : volumes.entrySet()) {
      VolumeId id = volume.getKey();
      if (!datasets.contains(volume.getValue().dataset())) {
        present.remove(id);
        continue;
      }
      if (hints.isWatched(id)) {
        continue;
      }
      boolean isNew = present.add(id);
      if (isNew || isRetried) {
        try {
          hints.watch(id, volume.getValue().mountpoint());
        } catch (IOException e) {
          wrong = e;
        }
      }
      if (isNew || hints.isWatched(id)) {
        listener.changed(id, clock.instant());
      }
    }
    if (wrong != null) {
      throw wrong;
    }
  }

  private static Duration rest(Duration took) {
    Duration wanted = took.multipliedBy(REST);
    if (wanted.compareTo(COMPARISON) < 0) {
      return COMPARISON;
    }
    return wanted.compareTo(LONGEST_COMPARISON) < 0 ? wanted : LONGEST_COMPARISON;
  }

  private void compare(Map<VolumeId, WatchedVolume> volumes) throws FailureException {
    Map<String, ChangeMark> now = marks.read();
    volumes.forEach((id, volume) -> {
      ChangeMark mark = now.get(volume.dataset());
      if (mark == null) {
        return;
      }
      ChangeMark last = before.put(id, mark);
      if (mark.tellsOfWriting(last == null ? mark : last)) {
        listener.changed(id, clock.instant());
      }
    });
  }
}
