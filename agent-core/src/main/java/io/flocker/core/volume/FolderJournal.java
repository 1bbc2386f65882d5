package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Which folders operations have bared by unmounting their volumes, for a daemon that comes after.
 * Any thread may call; every method may block; what it wrote is on disk when it returns.
 */
public interface FolderJournal {
  /**
   * The folder of a volume.
   *
   * @param mounted a moment when the volume was still mounted on it, to the millisecond
   */
  record Entry(VolumeId volume, Path folder, Instant mounted) {}

  /** Writes down the folder of a volume that is about to be unmounted, instead of any before. */
  void add(Entry entry) throws FailureException;

  /** Strikes the folder of a volume; none is no failure. */
  void remove(VolumeId volume) throws FailureException;

  /** All of them. */
  List<Entry> list() throws FailureException;
}
