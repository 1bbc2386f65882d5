package io.flocker.core.storage;

import io.flocker.core.id.Guid;

/**
 * A bookmark: the place in time of a snapshot that may be gone, good as the base of an increment.
 *
 * @param name the part after {@code #}
 * @param guid the guid of the snapshot that it remembers
 * @param createtxg of that snapshot; orders within one pool
 */
public record Bookmark(String name, Guid guid, long createtxg) implements Point {
  @Override
  public String reference() {
    return "#" + name;
  }
}
