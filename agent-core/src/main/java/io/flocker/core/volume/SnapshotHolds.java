package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.storage.Holds;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.HoldJournal.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The holds on the snapshots of volumes, written down before they are taken and until they are
 * released. Any thread may call, with a turn at the volume; every method blocks on ZFS.
 */
public final class SnapshotHolds {
  private final Storage storage;
  private final HoldJournal journal;

  /** Holds in {@code storage}. */
  public SnapshotHolds(Storage storage, HoldJournal journal) {
    this.storage = storage;
    this.journal = journal;
  }

  /** Holds a snapshot; one that is held so already is no failure. */
  public void hold(Volume volume, Snapshot snapshot, Hold hold) throws FailureException {
    journal.add(new Entry(volume.id(), snapshot.guid(), hold.tag()));
    storage.hold(volume.dataset().name(), snapshot.name(), hold.tag());
  }

  /**
   * Releases a hold; a missing one is no failure. Where the volume's dataset bears another name by
   * now the hold stays written down, for the sweep to release it there.
   */
  public void release(Volume volume, Snapshot snapshot, Hold hold) throws FailureException {
    if (isReleased(volume, snapshot, hold.tag())) {
      journal.remove(new Entry(volume.id(), snapshot.guid(), hold.tag()));
    }
  }

  /**
   * Releases what {@code hold} holds of the volume, in this run of the daemon or an earlier one.
   * What is held of snapshots that {@code volume} does not tell of is left to the sweep.
   */
  public void releaseAll(Volume volume, Hold hold) throws FailureException {
    for (Entry entry : journal.list()) {
      Optional<Snapshot> held = volume.dataset().snapshot(entry.snapshot());
      if (entry.volume().equals(volume.id())
          && entry.tag().equals(hold.tag())
          && held.isPresent()) {
        release(volume, held.get(), hold);
      }
    }
  }

  /**
   * Releases what was written down; a snapshot that is gone is held by nobody.
   *
   * @param copies all datasets of the volume, as they are
   * @return whether it is released; else it stays written down
   */
  boolean release(List<Volume> copies, Entry entry) throws FailureException {
    boolean isReleased = true;
    for (Volume copy : copies) {
      Optional<Snapshot> held = copy.dataset().snapshot(entry.snapshot());
      isReleased &= held.isEmpty() || isReleased(copy, held.get(), entry.tag());
    }
    if (isReleased) {
      journal.remove(entry);
    }
    return isReleased;
  }

  private boolean isReleased(Volume volume, Snapshot snapshot, String tag) throws FailureException {
    try {
      storage.release(volume.dataset().name(), snapshot.name(), tag);
      return true;
    } catch (FailureException e) {
      if (e.failure() != StorageFailure.DATASET_NOT_FOUND) {
        throw e;
      }
      return false; // Renamed since it was read, or destroyed.
    }
  }

  /** Who holds snapshots of the volume, by snapshot; with the tags that only we know. */
  public Map<String, Holds> of(Volume volume) throws FailureException {
    Map<String, Holds> holds = new HashMap<>(storage.holds(volume.dataset().name()));
    if (holds.values().stream().allMatch(held -> held.tags().size() == held.count())) {
      return holds;
    }
    List<Entry> written = journal.list();
    holds.replaceAll(
        (name, held) -> held.tags().isEmpty() ? told(volume, name, held, written) : held);
    return holds;
  }

  private static Holds told(Volume volume, String name, Holds held, List<Entry> written) {
    Set<String> tags =
        volume.dataset().snapshot(name).stream()
            .flatMap(snapshot ->
                written.stream()
                    .filter(entry -> entry.volume().equals(volume.id()))
                    .filter(entry -> entry.snapshot().equals(snapshot.guid())))
            .map(Entry::tag)
            .collect(Collectors.toUnmodifiableSet());
    return new Holds(held.count(), tags);
  }
}
