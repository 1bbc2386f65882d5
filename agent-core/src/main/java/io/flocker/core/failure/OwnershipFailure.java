package io.flocker.core.failure;

/** Why a volume may not be touched this way, by this caller, now. */
public enum OwnershipFailure implements Failure {
  VOLUME_NOT_FOUND(
      404,
      Side.CALLER,
      Retry.NEVER,
      "There is no such volume here",
      "List the volumes (flocker volume list); a volume's id does not change, its name may."),
  VOLUME_EXISTS(
      409,
      Side.CALLER,
      Retry.NEVER,
      "There is a volume of that name or id",
      "Choose another name, use the one that exists, or do away with it on the node that the"
          + " problem names."),
  VOLUME_DESTROYED(
      410,
      Side.CALLER,
      Retry.NEVER,
      "The volume was destroyed",
      "Use another id; copies that peers still have can be read and cloned there."),
  PEER_UNKNOWN(
      404,
      Side.CALLER,
      Retry.NEVER,
      "This node knows no such peer",
      "Tell it where the peer is: flocker peer add NAME HOST:PORT, or PUT /v1/peers/{node-uuid};"
          + " flocker peer list shows whom it knows."),
  OPERATION_NOT_FOUND(
      404,
      Side.CALLER,
      Retry.NEVER,
      "There is no such operation",
      "Operations are kept for a while, then forgotten."),
  OPERATION_ENDED(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The operation has ended",
      "Look at how it ended; nothing is left to be cancelled."),
  NOT_OWNER(
      409,
      Side.CALLER,
      Retry.NEVER,
      "Another node owns the volume",
      "Ask the owner, which the problem names: on its machine, or at its address as a user."),
  OWNED_HERE(
      409,
      Side.CALLER,
      Retry.NEVER,
      "This node owns the volume and takes no stream into it",
      "Push from the owner; hand the volume off first to reverse the direction."),
  NOT_RELEASED(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The volume was not released to this node",
      "Only a released record can be acquired."),
  NOT_GRANTED(
      409,
      Side.CALLER,
      Retry.NEVER,
      "Nothing proves that the volume was given to its owner",
      "Whoever owned it before has to sign that, and flockerds of before grants did not: where the"
          + " claim is true, destroy the copy on the node that the problem names and push anew."),
  STALE_EPOCH(
      409,
      Side.CALLER,
      Retry.RE_PLAN,
      "The volume has changed owner since",
      "Ask who owns it now."),
  EPOCH_BEYOND_REACH(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The epoch is further ahead than is believed",
      "Look on both nodes who owns the volume. Where the claim is true, destroy the copy on the"
          + " node that the problem names, and push it anew."),
  FOREIGN_CLAIM(
      403,
      Side.CALLER,
      Retry.NEVER,
      "A node speaks for a volume that another one owns",
      "Have the owner, which the problem names, ask itself."),
  CONTESTED(
      409,
      Side.NODE,
      Retry.NEVER,
      "Two nodes claim the volume",
      "An operator has to choose which copy lives on."),
  SUPERSEDED(
      409,
      Side.NODE,
      Retry.NEVER,
      "A later owner of the volume is proven, and this copy is kept as it was",
      "Look at what the copy has and the owner's lacks; then an operator chooses which copy lives"
          + " on."),
  NOT_SUPERSEDED(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The copy is not superseded",
      "Only a copy that a later owner is proven against is set aside."),
  OWNER_ANSWERS(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The volume's owner is there and may write it",
      "Hand the volume off on the node that owns it, which the problem names."),
  PEERS_UNANSWERED(
      409,
      Side.NODE,
      Retry.LATER,
      "Not every node has said what it knows of the volume",
      "Wait until those answer that the problem names, or make sure that they cannot write and name"
          + " them as fenced."),
  HAS_CHILDREN(
      409,
      Side.NODE,
      Retry.NEVER,
      "Other datasets live below the volume's dataset",
      "Move or destroy the datasets that the problem names first, by zfs on the volume's node."),
  HAS_CLONES(
      409,
      Side.NODE,
      Retry.NEVER,
      "Clones depend on the snapshot or volume",
      "Destroy the clones that the problem names first."),
  BASE_NEEDED(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The next increment to a peer starts from the snapshot",
      "To destroy the snapshot, push something newer to the peers that the problem names first."
          + " Only force rolls back behind it; their copies then have to be destroyed, and pushed"
          + " anew."),
  NEWER_SNAPSHOTS(
      409,
      Side.CALLER,
      Retry.NEVER,
      "Newer snapshots would be destroyed",
      "Say destroyNewer if that is what you want."),
  QUOTA_TOO_SMALL(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The volume holds more than the quota would allow",
      "Ask for as much as the detail says, or more; or delete files first."),
  VOLUME_IN_USE(
      409,
      Side.NODE,
      Retry.LATER,
      "Processes use the volume",
      "Stop the processes that the problem names by pid."),
  VOLUME_NOT_WRITABLE(
      409,
      Side.NODE,
      Retry.LATER,
      "A volume of the application is not owned and mounted here",
      "Look at the volume on the node that the problem names: its role, and why it is not"
          + " mounted."),
  KEPT_BY_OWNER(
      409,
      Side.NODE,
      Retry.NEVER,
      "The owner keeps the volume",
      "Hand it off on the node that owns it, or let that one give away what nobody uses there:"
          + " docker-plugin: {give: unused} in its flockerd.yml."),
  MOUNTPOINT_OCCUPIED(
      409,
      Side.NODE,
      Retry.NEVER,
      "Something else is where the volume would be mounted",
      "Look at the mountpoint on the node that the problem names, move away what is there, and try"
          + " again."),
  VOLUME_LOCKED(
      409,
      Side.NODE,
      Retry.LATER,
      "Another operation works on the volume",
      "Wait for it, or cancel it."),
  PAST_COMMIT(
      409,
      Side.CALLER,
      Retry.NEVER,
      "The operation has passed the point of no return",
      "Wait until it ends; it only goes forward."),
  FOREIGN_POOL(
      409,
      Side.NODE,
      Retry.NEVER,
      "The pool belongs to another node",
      "Give this node its own pool, or its volume.json back.");

  private final Traits traits;

  OwnershipFailure(int status, Side side, Retry retry, String title, String remedy) {
    this.traits = new Traits(status, side, retry, title, remedy);
  }

  @Override
  public Traits traits() {
    return traits;
  }
}
