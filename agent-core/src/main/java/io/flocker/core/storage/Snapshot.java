package io.flocker.core.storage;

import io.flocker.core.id.Guid;
import java.time.Instant;

/**
 * A snapshot of a dataset.
 *
 * @param name the part after {@code @}
 * @param guid what identifies it, on every node
 * @param createtxg orders snapshots within one pool, and only there
 * @param creation for people; never for ordering
 */
public record Snapshot(String name, Guid guid, long createtxg, Instant creation) implements Point {
  @Override
  public String reference() {
    return "@" + name;
  }
}
