package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.MountedDatasets;
import io.flocker.core.storage.Storage;
import java.io.IOException;
import java.util.Map;

/**
 * Sees a pool come, go and come back, and has its volumes mounted. A pool that went takes all its
 * mounts along, and may be back before anybody looks: so what this node owns is compared with what
 * the kernel has mounted, and ZFS is asked only for what is missing. One thread only.
 */
public final class PoolWatch {
  /** Tells which datasets of the pool are mounted. */
  @FunctionalInterface
  public interface Mounts {
    /** From the kernel's table. */
    MountedDatasets datasets() throws IOException;
  }

  private final Storage storage;
  private final String pool;
  private final NodeId self;
  private final PoolClaim claim;
  private final VolumeCatalog catalog;
  private final Volumes volumes;
  private final VolumeMounter mounter;
  private final RevertedCopies reverted;
  private final Mounts mounts;
  private boolean isAway;
  private boolean isStarted;
  private volatile long mounted;

  /**
   * Watches the pool of {@code node}.
   *
   * @param claim has claimed the pool a moment ago, as every start does
   */
  public PoolWatch(PoolClaim claim, NodeVolumes node, Mounts mounts) {
    this.pool = node.storage().poolName();
    this.storage = node.storage();
    this.self = node.self();
    this.claim = claim;
    this.catalog = node.catalog();
    this.volumes = node.volumes();
    this.mounter = node.mounter();
    this.reverted = node.reverted();
    this.mounts = mounts;
  }

  /** How many datasets of the pool were mounted at the last look. Any thread. */
  public long mounted() {
    return mounted;
  }

  /** Looks once, and mounts what is to be mounted by then. Blocks. */
  public void look() throws FailureException, InterruptedException {
    MountedDatasets before = datasets();
    mounted = before.names().size();
    if (isStarted && !isAway) {
      lookForStrays();
    }
    if (!isStarted || isAway || (mounter.wantMissing(before.names()) && before.names().isEmpty())) {
      take();
    }
    if (!isAway) {
      mounter.wantWritable(before.readonly());
      mounter.finishFencing();
    }
    if (!isAway && mounter.hasWanted()) {
      boolean _ = mounter.mountWanted();
      MountedDatasets after = datasets();
      mounted = after.names().size();
      mounter.wantWritable(after.readonly());
    }
  }

  /**
   * What somebody renamed by hand, and renames back, is a volume again that nobody tells of. Asks
   * for what is strange alone, however large the pool is.
   */
  private void lookForStrays() {
    try {
      for (StrayDataset stray : catalog.strays()) {
        if (stray.owner().equals(self) && storage.dataset(stray.dataset()).isEmpty()) {
          volumes.lookAround();
          return;
        }
      }
    } catch (FailureException _) {
      // The next look asks again; whoever needs the pool for more says what is wrong with it.
    }
  }

  private void take() throws FailureException {
    try {
      if (isStarted || isAway) {
        claimAgain();
      }
      volumes.repairNames();
      mounter.wantAll();
      reverted.look();
      if (isAway) {
        Action.message(MessageType.POOL_BACK, Map.of("pool", pool));
      }
      isAway = false;
      isStarted = true;
    } catch (FailureException e) {
      if (e.failure() != StorageFailure.POOL_UNAVAILABLE
          && e.failure() != StorageFailure.ZFS_UNAVAILABLE) {
        throw e;
      }
      if (!isAway) {
        Action.message(MessageType.POOL_AWAY, Map.of("pool", pool, "reason", e.detail()));
      }
      isAway = true;
    }
  }

  /** It may be another one by now, or the same with other volumes. */
  private void claimAgain() throws FailureException {
    claim.claimPool();
    claim.guardPool();
    volumes.lookAround();
  }

  private MountedDatasets datasets() throws FailureException {
    try {
      return mounts.datasets();
    } catch (IOException e) {
      throw RequestFailure.INTERNAL_ERROR
          .because("the mounts cannot be read: " + e.getMessage())
          .causedBy(e);
    }
  }
}
