package io.flocker.core.volume;

import io.flocker.core.id.NodeId;
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
}
