package io.flocker.core.volume;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import java.util.Optional;
import java.util.UUID;

/** Who keeps a snapshot from being destroyed; its {@link #tag} is the tag of the ZFS hold. */
public sealed interface Hold {
  /** An operation that is at work on the snapshot: {@code flk:op:<uuid>}. */
  record Operation(UUID operation) implements Hold {
    private static final String PREFIX = "flk:op:";

    @Override
    public String tag() {
      return PREFIX + operation;
    }
  }

  /** A peer whose next increment starts from the snapshot: {@code flk:peer:<uuid>}. */
  record Peer(NodeId peer) implements Hold {
    private static final String PREFIX = "flk:peer:";

    @Override
    public String tag() {
      return PREFIX + peer;
    }
  }

  /** The tag of the ZFS hold. */
  String tag();

  /** Reads a tag; empty for one that is not ours. */
  static Optional<Hold> ofTag(String tag) {
    try {
      if (tag.startsWith(Operation.PREFIX)) {
        String uuid = tag.substring(Operation.PREFIX.length());
        return Optional.of(new Operation(Uuids.parse("operation", uuid)));
      }
      if (tag.startsWith(Peer.PREFIX)) {
        return Optional.of(new Peer(NodeId.parse(tag.substring(Peer.PREFIX.length()))));
      }
    } catch (IllegalArgumentException _) {
      // Somebody else's tag that begins as ours do.
    }
    return Optional.empty();
  }
}
