package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import java.util.List;

/**
 * Which holds this node took and may not have released: not every ZFS tells the tags of its holds,
 * and a daemon that was killed cannot say what it held. Any thread may call; every method may
 * block; what it wrote is on disk when it returns.
 */
public interface HoldJournal {
  /** A hold of one snapshot of a volume. */
  record Entry(VolumeId volume, Guid snapshot, String tag) {}

  /** Writes down a hold that is about to be taken; one that is written already stays. */
  void add(Entry entry) throws FailureException;

  /** Strikes a hold that is released; none is no failure. */
  void remove(Entry entry) throws FailureException;

  /** All of them. */
  List<Entry> list() throws FailureException;
}
