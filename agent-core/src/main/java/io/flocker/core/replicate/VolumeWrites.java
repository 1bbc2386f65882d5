package io.flocker.core.replicate;

import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * When volumes were last written, and last snapshotted for their copies. Under the monitor of the
 * {@link TrackedCopies}.
 */
final class VolumeWrites {
  /** When a volume was last told to be written to. */
  private final Map<VolumeId, Instant> changes = new HashMap<>();

  /** When the last snapshot of a volume was begun that was taken here. */
  private final Map<VolumeId, Instant> snapshots = new HashMap<>();

  void changed(VolumeId volume, Instant when) {
    changes.put(volume, when);
  }

  /** The snapshot that a run sends was taken for it. */
  void snapshotted(ReplicationRun run) {
    run.snapshotBegun().ifPresent(begun -> snapshots.put(run.copy().volume(), begun));
  }

  /**
   * Whether a run needs a new snapshot, since something was written after the last one was begun. A
   * snapshot that was begun after the run does in any case, and what was written meanwhile is left
   * to the next run: else copies that begin together would seldom be sent one stream of a volume
   * that is being written.
   */
  boolean mayBeWritten(ReplicationRun run) {
    Instant snapshot = snapshots.get(run.copy().volume());
    return snapshot == null || (isWrittenSince(snapshot, run) && snapshot.isBefore(run.began()));
  }

  /** Tells a run that needs no new snapshot which one it sends. */
  void sendsLast(ReplicationRun run) {
    Instant snapshot = snapshots.get(run.copy().volume());
    if (snapshot == null) {
      return;
    }
    if (isWrittenSince(snapshot, run)) {
      run.sendsWhatIsOlder(snapshot);
    } else {
      run.sends(snapshot);
    }
  }

  private boolean isWrittenSince(Instant snapshot, ReplicationRun run) {
    Instant change = changes.get(run.copy().volume());
    return change != null && !change.isBefore(snapshot);
  }

  /** Of all other volumes nothing is known any more. */
  void retain(Set<VolumeId> volumes) {
    changes.keySet().retainAll(volumes);
    snapshots.keySet().retainAll(volumes);
  }
}
