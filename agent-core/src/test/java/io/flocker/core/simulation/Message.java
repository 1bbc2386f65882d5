package io.flocker.core.simulation;

import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.ownership.Tenure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What nodes ask of each other. */
sealed interface Message {
  VolumeId volume();

  /**
   * The owner wants its copy to be there: what an announcement and the stream after it are.
   *
   * @param copy what it sends, its latest snapshot the last
   */
  record Push(
      VolumeId volume,
      NodeId owner,
      long epoch,
      UUID operation,
      GrantChain grants,
      List<Disk.Snap> copy)
      implements Message {}

  /**
   * What was released to a node is to be taken.
   *
   * @param confirmed who has ever confirmed the volume to who releases it, and by which operation
   */
  record Acquire(
      VolumeId volume,
      NodeId releasedBy,
      NodeId owner,
      long epoch,
      UUID operation,
      Guid finalSnapshot,
      GrantChain grants,
      Map<NodeId, UUID> confirmed)
      implements Message {}

  /**
   * Whether what the asker has on record is the last word.
   *
   * @param tenure what he has; empty where he only wants to know
   */
  record Confirm(VolumeId volume, Optional<Tenure> tenure, GrantChain grants) implements Message {
    Confirm(VolumeId volume, Tenure tenure, GrantChain grants) {
      this(volume, Optional.of(tenure), grants);
    }
  }

  /** What comes back. */
  sealed interface Answer {
    /** It is done. */
    record Done(Optional<Guid> latest) implements Answer {}

    /**
     * What is known.
     *
     * @param isHere whether there is a copy
     * @param isReplica whether that is another node's, as it says
     * @param isOwner whether it is its own
     * @param tenure of the latest owner who is proven or on record
     * @param isWritable whether the node was put out and still has it mounted
     */
    record Known(
        boolean isHere,
        boolean isReplica,
        boolean isOwner,
        Optional<NodeId> owner,
        long epoch,
        Optional<Tenure> tenure,
        long highest,
        boolean isWritable,
        GrantChain grants)
        implements Answer {
      static final Known NOTHING =
          new Known(
              false,
              false,
              false,
              Optional.empty(),
              0,
              Optional.empty(),
              0,
              false,
              GrantChain.EMPTY);
    }

    /** It is not done. */
    record Refused(String why) implements Answer {}
  }
}
