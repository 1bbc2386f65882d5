package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.Storage;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What a starting daemon does with its pool. One thread only. */
public final class VolumeStartup {
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;

  /** Starts with the volumes of {@code catalog} at {@code home}. */
  public VolumeStartup(Storage storage, VolumeCatalog catalog, LocalNode home) {
    this.storage = storage;
    this.catalog = catalog;
    this.home = home;
  }

  /**
   * Marks the pool as this node's, unless it is marked so.
   *
   * @throws FailureException {@code FOREIGN_POOL} if it is marked as another node's
   */
  public void claimPool() throws FailureException {
    Optional<NodeId> marked = storage.pool().node();
    if (marked.isEmpty()) {
      storage.markPool(home.node());
    } else if (!marked.get().equals(home.node())) {
      throw OwnershipFailure.FOREIGN_POOL
          .because(
              "pool "
                  + storage.poolName()
                  + " belongs to node "
                  + marked.get()
                  + ", this is node "
                  + home.node())
          .with("owner", marked.get());
    }
  }

  /**
   * Keeps boots and receives from making volumes writable. Where ZFS refuses, the log says so and
   * the volumes are served all the same.
   */
  public void guardPool() {
    try {
      storage.guardPool();
    } catch (FailureException e) {
      Action.message(MessageType.POOL_UNGUARDED, Map.of("reason", e.detail()));
    }
  }

  /**
   * Grants writing to every volume that this node owns and {@code mayWrite} says yes to. One that
   * cannot be mounted is logged and does not stop the others.
   *
   * @param mayWrite whether no peer that may take over knows of a higher epoch
   * @return the volumes that were mounted
   */
  public List<Volume> mountOwned(Predicate<Volume> mayWrite) throws FailureException {
    Set<Path> taken = new HashSet<>();
    return catalog.list().stream()
        .filter(volume -> volume.role() == Role.OWNER)
        .filter(mayWrite)
        .filter(volume -> isMounted(volume, taken))
        .toList();
  }

  private boolean isMounted(Volume volume, Set<Path> taken) {
    Path mountpoint = home.mountpoint(volume.name());
    Action action =
        Action.start(
            ActionType.VOLUME_MOUNT,
            Map.of("volume", volume.id().toString(), "mountpoint", mountpoint.toString()));
    try {
      return action.call(() -> {
        if (!taken.add(mountpoint)) {
          throw OwnershipFailure.VOLUME_EXISTS.because(
              "another volume is mounted at " + mountpoint);
        }
        storage.mountWritable(volume.dataset().name(), mountpoint);
        return true;
      });
    } catch (FailureException _) {
      return false; // The failed action says why.
    }
  }
}
