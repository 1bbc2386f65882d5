package io.flocker.transfer.handoff;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeLocks.Lease;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Volumes of which nobody knows whether they were given away. Each stays locked, so that nobody
 * mounts or changes it, until its record is known. Any thread may call.
 */
final class UnsettledReleases {
  private static final int UNAVAILABLE = 503; // RFC 9110, section 15.6.4

  private record Unsettled(Volume volume, OwnershipEvent.Released release, Lease lease) {}

  private final Release release;
  private final Map<VolumeId, Unsettled> open = new ConcurrentHashMap<>();

  UnsettledReleases(Release release) {
    this.release = release;
  }

  /**
   * Keeps a volume locked until its release is settled.
   *
   * @param volume as it was before
   * @param lease the handoff's own, which is passed on
   * @return what the handoff answers
   */
  FailureException keep(Volume volume, Lease lease, Release.UndecidedException why) {
    OwnershipEvent.Released undecided = why.release();
    String holder =
        "handoff " + undecided.operation() + ", of which ZFS has not said how it ended,";
    var _ = open.put(volume.id(), new Unsettled(volume, undecided, lease.passOn(holder)));
    return failure(why)
        .because(
            "nobody knows yet whether "
                + volume.name()
                + " was given to node "
                + undecided.to()
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
    for (Unsettled one : open.values()) {
      Action action =
          Action.startTask(
              ActionType.HANDOFF_RECOVER,
              Map.of(
                  "volume", one.volume().id().toString(),
                  "peer", one.release().to().toString()));
      try {
        action.call(() -> {
          settle(one);
          return true;
        });
      } catch (FailureException | RuntimeException _) {
        // The failed action says why; the next round tries again.
      }
    }
    return open.size();
  }

  private void settle(Unsettled one) throws FailureException {
    try {
      release.settle(one.volume(), one.release());
    } catch (FailureException e) {
      if (e.failure() != OwnershipFailure.VOLUME_NOT_FOUND) {
        throw e;
      }
      // Its dataset is gone, and what was to be given away with it.
    }
    var _ = open.remove(one.volume().id());
    one.lease().close();
  }

  private static Failure failure(Release.UndecidedException why) {
    return why.getCause() instanceof FailureException known
            && known.failure().status() == UNAVAILABLE
        ? known.failure()
        : StorageFailure.ZFS_TIMEOUT;
  }
}
