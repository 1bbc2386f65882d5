package io.flocker.core.volume;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;

/**
 * The name of a bookmark that flockerd made, {@code flk.<node>.<guid>}: what {@code node} holds,
 * after the snapshot itself is gone. One name can only ever mean one snapshot.
 */
public record BookmarkName(NodeId node, Guid guid) {
  private static final String PREFIX = "flk.";

  @Override
  public String toString() {
    return PREFIX + node + "." + guid;
  }
}
