package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.util.Optional;

/**
 * Knows whether this node may still write what it owns: peers may have seen a later owner. Any
 * thread may call; nothing blocks unless it says so.
 */
@FunctionalInterface
public interface Clearance extends AutoCloseable {
  /** Clears everything at once. */
  Clearance NONE = _ -> Optional.empty();

  /** Why the volume must not be written yet; empty if it may be. Blocks. */
  Optional<String> objection(Volume volume);

  /**
   * Makes sure, as far as anybody can be asked, that a volume is known nowhere. Blocks.
   *
   * @throws FailureException {@code VOLUME_EXISTS} naming the node that knows it
   */
  default void requireUnknown(VolumeId volume) throws FailureException {}

  /** A volume is this node's from now on: every peer is to be asked, beside all else. */
  default void owned(VolumeId volume) {}

  /**
   * The same for one that a peer has given to this node, and that is not mounted yet: that peer and
   * those that may take over are asked first. Blocks for a moment at most.
   *
   * @return why the volume must not be written yet; empty if it may be
   */
  default Optional<String> acquired(VolumeId volume, NodeId from) {
    return Optional.empty();
  }

  /** A peer has said something that does not go with what is on record here. */
  default void doubted(VolumeId volume, NodeId by) {}

  /** A peer has answered something: if it is waited for, it is asked now. */
  default void answered(NodeId peer) {}

  /** A peer is there that was not: it may know of an owner whom nobody else knows. */
  default void peerAdded(NodeId peer) {}

  /** A peer is none any more, and is waited for no longer. */
  default void peerTakenOut(NodeId peer) {}

  /** Asks nobody any more. */
  @Override
  default void close() {}

  /** Makes one for the volumes of a node. */
  @FunctionalInterface
  interface Maker {
    /** Clears everything at once. */
    Maker NONE = (_, _, _) -> Clearance.NONE;

    /** One that asks about the volumes of {@code catalog}, and fences what others prove. */
    Clearance of(VolumeCatalog catalog, Fencing fencing, Confirmations confirmations);
  }
}
