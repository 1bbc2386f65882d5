package io.flocker.core.replicate;

import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * When volumes were last written, and last snapshotted for their copies. Under the monitor of the
 * {@link TrackedCopies}.
 */
final class VolumeWrites {
  /** When a volume was last told to be written to. */
  private final Map<VolumeId, Instant> changes = new HashMap<>();

  /** The last snapshot of a volume that was taken here. */
  private final Map<VolumeId, Taken> snapshots = new HashMap<>();

  /**
   * A snapshot.
   *
   * @param begun when it was begun: what was written until then is in it
   */
  private record Taken(Guid guid, Instant begun) {}

  void changed(VolumeId volume, Instant when) {
    changes.put(volume, when);
  }

  /** The snapshot that a run sends was taken for it. */
  void snapshotted(ReplicationRun run, Guid guid) {
    run.snapshotBegun()
        .ifPresent(begun -> snapshots.put(run.copy().volume(), new Taken(guid, begun)));
  }

  /**
   * Whether a run needs a new snapshot, since something was written after the last one was begun,
   * or somebody has destroyed that one: what it held is in none that is left. One that was begun
   * after the run does as long as it is there, and what was written meanwhile is left to the next
   * run: else copies that begin together would seldom be sent one stream of a volume that is being
   * written.
   *
   * @param isThere whether the volume has a snapshot now
   */
  boolean isSnapshotDue(ReplicationRun run, Predicate<Guid> isThere) {
    Taken last = snapshots.get(run.copy().volume());
    return last == null
        || !isThere.test(last.guid())
        || (isWrittenSince(last.begun(), run) && last.begun().isBefore(run.began()));
  }

  /** Tells a run that needs no new snapshot which one it sends. */
  void sendsLast(ReplicationRun run) {
    Taken last = snapshots.get(run.copy().volume());
    if (last == null) {
      return;
    }
    if (isWrittenSince(last.begun(), run)) {
      run.sendsWhatIsOlder(last.begun());
    } else {
      run.sends(last.begun());
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
