package io.flocker.zfs.listing;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Pool;
import io.flocker.core.volume.NodeMark;
import io.flocker.zfs.command.ZfsTool;
import java.util.Optional;

/**
 * Reads the pool: two commands. Sizes are those of its root dataset, since zfs-fuse prints a pool's
 * own for people only. Any thread may call; use a virtual one.
 */
public final class PoolReader {
  private final ZfsTool zfs;
  private final ZfsTool zpool;

  /** A reader that asks these two. */
  public PoolReader(ZfsTool zfs, ZfsTool zpool) {
    this.zfs = zfs;
    this.zpool = zpool;
  }

  /**
   * The pool as it is now.
   *
   * @param nodeProperty the user property of its root that says whose it is
   */
  public Pool read(String name, String nodeProperty) throws FailureException {
    String properties = "used,available," + nodeProperty;
    PropertyTable table =
        PropertyTable.of(zfs.run("get", "-Hp", "-o", PropertyTable.COLUMNS, properties, name));
    long free = table.number("available");
    String health = zpool.run("list", "-H", "-o", "health", name).strip();
    Optional<Property> node = table.find(nodeProperty).filter(Property::isLocal);
    return new Pool(
        name,
        table.number("used") + free,
        free,
        health,
        node.isPresent() ? Optional.of(nodeId(name, node.get().value())) : Optional.empty());
  }

  /** How many bytes the pool has left: one command. */
  public long freeBytes(String name) throws FailureException {
    return PropertyTable.of(zfs.run("get", "-Hp", "-o", PropertyTable.COLUMNS, "available", name))
        .number("available");
  }

  /** A mark that cannot be read is no licence to take the pool. */
  private static NodeId nodeId(String pool, String value) throws FailureException {
    try {
      return NodeMark.parse(value).node();
    } catch (IllegalArgumentException e) {
      throw StorageFailure.ZFS_OUTPUT_UNREADABLE
          .because("the mark of the pool " + pool + ": " + e.getMessage())
          .causedBy(e);
    }
  }
}
