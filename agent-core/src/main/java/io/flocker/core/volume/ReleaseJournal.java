package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.util.List;
import java.util.Optional;

/**
 * Which volumes this node was about to give away, for a daemon that comes after: a command that
 * outlives the one that started it may still release them. Any thread may call; every method may
 * block; what it wrote is on disk when it returns.
 */
public interface ReleaseJournal {
  /**
   * A volume that is about to be given away.
   *
   * @param before its record until then
   */
  record Entry(
      VolumeId volume, Optional<OwnershipRecord> before, OwnershipEvent.Released release) {}

  /** Writes down a release that is about to be made; there is one of a volume at most. */
  void add(Entry entry) throws FailureException;

  /** Strikes the release of a volume once it is known how it ended; none is no failure. */
  void remove(VolumeId volume) throws FailureException;

  /** All of them. */
  List<Entry> list() throws FailureException;
}
