package io.flocker.transfer.handoff;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.volume.ReleaseJournal;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeLocks.Lease;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Volumes of which nobody knows whether they were given away, also by the daemon that was here
 * before. Each stays locked, so that nobody mounts or changes it, until its record is known. Any
 * thread may call.
 */
final class UnsettledReleases {
  private static final int UNAVAILABLE = 503; // RFC 9110, section 15.6.4

  private record Unsettled(ReleaseJournal.Entry entry, Lease lease) {}

  private final Release release;
  private final PatientTries tries = new PatientTries();
  private final Map<VolumeId, Unsettled> open = new ConcurrentHashMap<>();

  private UnsettledReleases(Release release) {
    this.release = release;
  }

  /** Locks what an earlier daemon has left; called before anybody mounts or changes anything. */
  static UnsettledReleases open(Release release, ReleaseJournal journal, VolumeLocks locks)
      throws FailureException {
    UnsettledReleases left = new UnsettledReleases(release);
    for (ReleaseJournal.Entry entry : journal.list()) {
      Lease lease = locks.own(entry.volume(), holder(entry));
      var _ = left.open.put(entry.volume(), new Unsettled(entry, lease));
    }
    return left;
  }

  /**
   * Keeps a volume locked until its release is settled.
   *
   * @param volume as it was before
   * @param lease the handoff's own, which is passed on
   * @return what the handoff answers
   */
  FailureException keep(Volume volume, Lease lease, Release.UndecidedException why) {
    ReleaseJournal.Entry undecided = why.entry();
    var _ = open.put(volume.id(), new Unsettled(undecided, lease.passOn(holder(undecided))));
    return failure(why)
        .because(
            "nobody knows yet whether "
                + volume.name()
                + " was given to node "
                + undecided.release().to()
                + ": "
                + why.getMessage()
                + ". It is mounted on neither node until ZFS answers; this node asks again by"
                + " itself, and goes on with the handoff then")
        .causedBy(why)
        .undecided();
  }

  /**
   * Tries to settle each once.
   *
   * @return how many are left
   */
  int settle() {
    tries.retain(open.keySet());
    open.forEach((volume, one) -> {
      boolean _ = tries.run(volume, one.entry().release().to(), () -> settle(volume, one));
    });
    return open.size();
  }

  /**
   * Tries to settle the release of a volume, if there is one.
   *
   * @throws FailureException if it is still not known; the volume stays locked
   */
  void settle(VolumeId volume) throws FailureException {
    Unsettled one = open.get(volume);
    if (one != null) {
      Action action =
          Action.startTask(
              ActionType.HANDOFF_RECOVER,
              Map.of("volume", volume.toString(), "peer", one.entry().release().to().toString()));
      var _ =
          action.call(() -> {
            settle(volume, one);
            return true;
          });
    }
  }

  private void settle(VolumeId volume, Unsettled one) throws FailureException {
    release.settle(one.entry());
    var _ = open.remove(volume);
    one.lease().close();
  }

  private static String holder(ReleaseJournal.Entry entry) {
    return "handoff " + entry.release().operation() + ", of which ZFS has not said how it ended,";
  }

  private static Failure failure(Release.UndecidedException why) {
    return why.getCause() instanceof FailureException known
            && known.failure().status() == UNAVAILABLE
        ? known.failure()
        : StorageFailure.ZFS_TIMEOUT;
  }
}
