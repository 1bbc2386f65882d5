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

    @Override
    public String reason() {
      return "is what operation " + operation + " works on";
    }
  }

  /** A peer whose next increment starts from the snapshot: {@code flk:peer:<uuid>}. */
  record Peer(NodeId peer) implements Hold {
    private static final String PREFIX = "flk:peer:";

    @Override
    public String tag() {
      return PREFIX + peer;
    }

    @Override
    public String reason() {
      return "is what the next increment to node " + peer + " starts from";
    }
  }

  /** The tag of the ZFS hold. */
  String tag();

  /** Why it is there, as a sentence without its subject, the snapshot. */
  String reason();

  /** Reads a tag; empty for one that is not ours. */
  static Optional<Hold> parse(String tag) {
    try {
      if (tag.startsWith(Operation.PREFIX)) {
        String operation = tag.substring(Operation.PREFIX.length());
        return Optional.of(new Operation(Uuids.parse("operation", operation)));
      }
      return tag.startsWith(Peer.PREFIX)
          ? Optional.of(new Peer(NodeId.parse(tag.substring(Peer.PREFIX.length()))))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Why a hold of that tag is there, whosever it is. */
  static String reason(String tag) {
    return parse(tag).map(Hold::reason).orElseGet(() -> "is held by somebody as " + tag);
  }
}
