package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Pool;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A node as it shows itself; see {@code node.json}.
 *
 * @param zfs empty while ZFS has not told it since the daemon's start
 */
public record NodeDocument(
    NodeId node,
    UUID bootId,
    PoolDocument pool,
    Optional<Capabilities> zfs,
    URI url,
    List<List<String>> stuck,
    List<Warning> warnings) {
  /** Something that is wrong with the node and that people have to see to. */
  public record Warning(String title, String detail) {}

  /**
   * The pool; the document around it says whose it is.
   *
   * @param sizeBytes empty while it is away, as is {@code freeBytes}
   * @param health as ZFS says it, or {@link #AWAY}
   */
  public record PoolDocument(
      String name, OptionalLong sizeBytes, OptionalLong freeBytes, String health) {
    /** The health of a pool that is not there, or of which ZFS does not tell. */
    public static final String AWAY = "AWAY";

    static PoolDocument of(Pool pool) {
      return new PoolDocument(
          pool.name(),
          OptionalLong.of(pool.sizeBytes()),
          OptionalLong.of(pool.freeBytes()),
          pool.health());
    }

    static PoolDocument away(String name) {
      return new PoolDocument(name, OptionalLong.empty(), OptionalLong.empty(), AWAY);
    }
  }
}
