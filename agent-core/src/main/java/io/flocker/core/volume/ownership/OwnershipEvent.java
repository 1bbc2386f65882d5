package io.flocker.core.volume.ownership;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.util.Optional;
import java.util.UUID;

/** What happens to the ownership of one dataset; what it leads to, {@link Ownership} says. */
public sealed interface OwnershipEvent {
  /**
   * This node made the dataset of a new volume.
   *
   * @param dataset guid of the dataset, as in the other events
   * @param hasFreshId whether this node made up the volume's id; else its caller chose it, and it
   *     may be there twice
   */
  record Created(VolumeId lineage, UUID operation, Guid dataset, boolean hasFreshId)
      implements OwnershipEvent {}

  /**
   * This node found a dataset whose name says that it is its own, and that has no record.
   *
   * @param lineage a fresh id
   */
  record Adopted(VolumeId lineage, UUID operation, Guid dataset) implements OwnershipEvent {}

  /**
   * A node says that it owns the volume and wants to send a stream into the dataset, or to make
   * this node the owner. It changes nothing, whatever comes of it.
   *
   * @param epoch at which it owns the volume
   * @param highest the highest epoch of the volume that this node has seen; 0 if none
   * @param isContested whether the volume is contested whatever the record says: its lineage is
   *     here twice, an owner followed this node, or the record cannot be read
   * @param doubt why the claimant has not shown that the volume came to it, where its epoch is
   *     higher than the record's, or than what is believed of a volume without a record; empty if
   *     it has
   */
  record Claimed(
      VolumeId lineage,
      NodeId claimant,
      long epoch,
      long highest,
      boolean isContested,
      Optional<String> doubt)
      implements OwnershipEvent {}

  /**
   * A stream of the owner's has come into the dataset, whole and proven.
   *
   * @param highest as for {@link Claimed}
   * @param doubt as for {@link Claimed}
   */
  record Received(
      VolumeId lineage,
      NodeId owner,
      long epoch,
      long highest,
      UUID operation,
      Guid dataset,
      Optional<String> doubt)
      implements OwnershipEvent {}

  /**
   * This node gives the volume away: the commit of a handoff.
   *
   * @param finalSnapshot guid of the snapshot that the next owner begins with
   */
  record Released(NodeId to, UUID operation, Guid finalSnapshot) implements OwnershipEvent {}

  /**
   * The owner granted the volume to this node; may be repeated.
   *
   * @param releasedBy the owner that was
   * @param epoch of this node's ownership
   * @param finalSnapshot as the owner released it
   * @param latest guid of the newest snapshot here
   * @param isContested as for {@link Claimed}
   */
  record Acquired(
      NodeId releasedBy,
      long epoch,
      UUID operation,
      Guid finalSnapshot,
      Optional<Guid> latest,
      boolean isContested)
      implements OwnershipEvent {}

  /** The node that the volume was released to has acquired it; may be repeated. */
  record Delivered() implements OwnershipEvent {}

  /** What shows that somebody owns the volume, as {@link Shown}, seen from the record. */
  enum Evidence {
    /** Nothing that counts. */
    NONE,
    /**
     * The owner on record has given it away, and whoever had it then, up to the one who is shown.
     */
    GRANTED,
    /** An operator has signed it: that stands alone. */
    TAKEN_OVER,
    /** It was given away by one who owned it before the record's owner did, to another one. */
    BRANCHED,
    /**
     * It comes from another creation of the same volume than the record does, and no operator has
     * chosen the record's since.
     */
    CREATED_AGAIN;
  }

  /**
   * Somebody shows that a node owns the volume; it may be told by anybody, and repeated.
   *
   * @param epoch at which {@code owner} came to own it
   * @param operation by which it did
   * @param evidence also of an epoch that is not higher than the record's
   * @param hasConfirmed whether the node that created the volume again, as the evidence says, has
   *     confirmed before that another one owns it, whoever does now: else each node could end every
   *     volume by creating it
   */
  record Shown(NodeId owner, long epoch, UUID operation, Evidence evidence, boolean hasConfirmed)
      implements OwnershipEvent {}

  /**
   * An operator has signed that this node owns the volume.
   *
   * @param epoch above all that is recorded here, however far: the operator has signed it
   * @param finalSnapshot guid of the newest snapshot here; 0 if there is none
   */
  record TakenOver(long epoch, UUID operation, Guid finalSnapshot) implements OwnershipEvent {}

  /**
   * The owner of a copy has it kept under another name, since it has changed by itself.
   *
   * @param owner who asks
   * @param epoch of its record
   */
  record Diverged(NodeId owner, long epoch) implements OwnershipEvent {}

  /** An operator has chosen the later owner's copy, and this one is kept under another name. */
  record SetAside() implements OwnershipEvent {}
}
