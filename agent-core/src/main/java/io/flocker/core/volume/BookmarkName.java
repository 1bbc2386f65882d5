package io.flocker.core.volume;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import java.util.Optional;

/**
 * The name of a bookmark that flockerd made, {@code flk.<node>.<guid>}: what {@code node} holds,
 * after the snapshot itself is gone. One name can only ever mean one snapshot.
 */
public record BookmarkName(NodeId node, Guid guid) {
  private static final String PREFIX = "flk.";

  /** Reads a bookmark's name; empty for one that is not ours. */
  public static Optional<BookmarkName> parse(String name) {
    String[] parts = name.split("\\.", -1);
    if (parts.length != 3 || !name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BookmarkName(NodeId.parse(parts[1]), Guid.parse(parts[2])));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return PREFIX + node + "." + guid;
  }
}
