package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.Snapshot;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.listing.DatasetReader;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Takes, holds, renames and destroys snapshots and bookmarks, by their full names. Any thread may
 * call; use a virtual one.
 */
final class Points {
  private final ZfsTool zfs;
  private final Duration longDeadline;

  /**
   * Works by {@code zfs}.
   *
   * @param longDeadline for a command that takes or destroys
   */
  Points(ZfsTool zfs, Duration longDeadline) {
    this.zfs = zfs;
    this.longDeadline = longDeadline;
  }

  void take(String snapshot) throws FailureException {
    String _ = zfs.run(longDeadline, List.of("snapshot", snapshot));
  }

  /** Takes a snapshot and reads it; one that cannot be read is destroyed, or the end is unknown. */
  Snapshot takeAndRead(String snapshot, DatasetReader reader) throws FailureException {
    take(snapshot);
    try {
      return reader.snapshot(snapshot);
    } catch (FailureException e) {
      throw tryDestroy(snapshot, e) ? e : e.undecided();
    } catch (RuntimeException e) {
      boolean _ = tryDestroy(snapshot, e);
      throw e;
    }
  }

  /** A snapshot that nobody is told of would stay for ever; tells whether it is gone. */
  private boolean tryDestroy(String snapshot, Exception cause) {
    try {
      String _ = zfs.run(longDeadline, List.of("destroy", snapshot));
      return true;
    } catch (FailureException | RuntimeException e) {
      cause.addSuppressed(e);
      return false;
    }
  }

  /** A missing snapshot is no failure. */
  void destroySnapshot(String snapshot) throws FailureException {
    try {
      String _ = zfs.run(longDeadline, List.of("destroy", snapshot));
    } catch (FailureException e) {
      if (e.failure() == StorageFailure.DATASET_BUSY) {
        refuseHeld(snapshot); // zfs-fuse says only that it is busy
      }
      if (e.failure() != StorageFailure.DATASET_NOT_FOUND) {
        throw e;
      }
    }
  }

  void renameSnapshot(String from, String to) throws FailureException {
    String _ = zfs.run("rename", from, to);
  }

  /** A hold of that tag that is there already is no failure. */
  void hold(String tag, String snapshot) throws FailureException {
    zfs.runTolerating(Set.of(StorageFailure.DATASET_EXISTS), "hold", tag, snapshot);
  }

  /** A missing hold or snapshot is {@code DATASET_NOT_FOUND}, as a missing dataset is. */
  void release(String tag, String snapshot) throws FailureException {
    String _ = zfs.run("release", tag, snapshot);
  }

  /**
   * Refuses what is held.
   *
   * @param root a snapshot, or a dataset whose snapshots are meant
   * @throws FailureException {@code SNAPSHOT_HELD}
   */
  void refuseHeld(String root) throws FailureException {
    zfs.read(
        line -> {
          if (!line.endsWith("\t0") && !line.endsWith("\t-")) {
            throw StorageFailure.SNAPSHOT_HELD.because(
                line.replace("\t", " is held, number of holds: "));
          }
        },
        List.of("get", "-Hp", "-d", "1", "-o", "name,value", "userrefs", root));
  }

  /** A bookmark of that name and guid that is there already is no failure. */
  void bookmark(String snapshot, String bookmark) throws FailureException {
    try {
      String _ = zfs.run("bookmark", snapshot, bookmark);
    } catch (FailureException e) {
      if (e.failure() != StorageFailure.DATASET_EXISTS || !guid(snapshot).equals(guid(bookmark))) {
        throw e;
      }
    }
  }

  /** A missing bookmark is no failure. */
  void destroyBookmark(String bookmark) throws FailureException {
    zfs.runTolerating(Set.of(StorageFailure.DATASET_NOT_FOUND), "destroy", bookmark);
  }

  private Guid guid(String point) throws FailureException {
    return Guid.parseDecimal(zfs.run("get", "-Hp", "-o", "value", "guid", point).strip());
  }
}
