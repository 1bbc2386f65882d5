package io.flocker.core.volume;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a bookmark that flockerd made, {@code flk.<node>.<guid>}: what {@code node} holds,
 * after the snapshot itself is gone. One name can only ever mean one snapshot.
 */
public record BookmarkName(NodeId node, Guid guid) {
  private static final String PREFIX = "flk.";
  private static final Pattern FORM = Pattern.compile("flk\\.([0-9a-f-]{36})\\.([0-9a-f]{16})");

  /** Reads a bookmark's name; empty for one that is not ours. */
  static Optional<BookmarkName> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    try {
      return matcher.matches()
          ? Optional.of(
              new BookmarkName(NodeId.parse(matcher.group(1)), Guid.parse(matcher.group(2))))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return PREFIX + node + "." + guid;
  }
}
