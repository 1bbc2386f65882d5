package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Pool;
import java.net.URI;
import java.util.List;
import java.util.UUID;

/** A node as it shows itself; see {@code node.json}. */
public record NodeDocument(
    NodeId node,
    UUID bootId,
    PoolDocument pool,
    Capabilities zfs,
    URI url,
    List<List<String>> stuck,
    List<Warning> warnings) {
  /** Something that is wrong with the node and that people have to see to. */
  public record Warning(String title, String detail) {}

  /** The pool, without whose it is: the node says that itself. */
  public record PoolDocument(String name, long sizeBytes, long freeBytes, String health) {
    static PoolDocument of(Pool pool) {
      return new PoolDocument(pool.name(), pool.sizeBytes(), pool.freeBytes(), pool.health());
    }
  }
}
