package io.flocker.core.failure;

/** Why a stream did not make it from one node to the other. */
public enum TransferFailure implements Failure {
  DIVERGED(
      409,
      Side.RECEIVER,
      Retry.NEVER,
      "Both sides have changed since the last common snapshot",
      "Choose one branch; the problem names both. The copy can be cloned at the receiver, destroyed"
          + " there, and pushed anew."),
  NO_COMMON_SNAPSHOT(
      409,
      Side.RECEIVER,
      Retry.NEVER,
      "Both sides have snapshots and none in common",
      "Destroy the copy at the receiver, where it can be cloned before, then push anew."),
  NO_SNAPSHOT_TO_SEND(
      409, Side.SENDER, Retry.NEVER, "The sender has no snapshot", "Take a snapshot."),
  INITIAL_FORBIDDEN(
      409,
      Side.SENDER,
      Retry.NEVER,
      "The peer has no copy and the policy forbids a first one",
      "Choose another policy for the first replication."),
  NEW_VOLUME_REFUSED(
      403,
      Side.RECEIVER,
      Retry.NEVER,
      "The receiver takes no new volumes from that node",
      "Where it shall, say so under replicas in flockerd.yml of the receiver, which the problem"
          + " names, and start it anew."),
  SHARE_EXCEEDED(
      507,
      Side.RECEIVER,
      Retry.LATER,
      "The copies of the node's volumes have used up their share at the receiver",
      "Destroy copies or snapshots there, or raise the share under replicas in flockerd.yml of the"
          + " receiver, which the problem names; nothing that was there is lost."),
  SET_ASIDE_REFUSED(
      403,
      Side.RECEIVER,
      Retry.NEVER,
      "The receiver does not set the copy aside",
      "The copy has changed by itself. Where it shall be set aside and a new one begun, raise"
          + " diverged-copies under replicas in flockerd.yml of the receiver, which the problem"
          + " names, or destroy one there that was set aside before."),
  FOREIGN_TOKEN(
      403,
      Side.RECEIVER,
      Retry.NEVER,
      "The receiver's saved state is that of another volume",
      "Nothing of that volume was read or sent. Find out who has written into the copy at the"
          + " receiver; zfs receive -A on it drops the saved state, and so does destroying the"
          + " copy."),
  BASE_MISSING(
      409,
      Side.RECEIVER,
      Retry.RE_PLAN,
      "The receiver does not hold the snapshot that the stream builds on",
      "Plan anew."),
  DESTINATION_EXISTS(
      409,
      Side.RECEIVER,
      Retry.RE_PLAN,
      "A full stream would fall on a dataset that exists",
      "Plan anew; if it persists, rename or destroy the copy."),
  DESTINATION_MODIFIED(
      409,
      Side.RECEIVER,
      Retry.NEVER,
      "The copy was changed at the receiver",
      "Roll the copy back to its latest snapshot, or destroy it; nothing was dropped."),
  RECEIVE_IN_PROGRESS(
      409,
      Side.RECEIVER,
      Retry.LATER,
      "Another receive into this volume is running",
      "Wait for it."),
  TRANSFER_NOT_FOUND(
      404,
      Side.CALLER,
      Retry.RE_PLAN,
      "There is no such transfer",
      "Announce it first; results are kept for 24 hours."),
  NOT_A_STREAM(
      422,
      Side.SENDER,
      Retry.NEVER,
      "The body is not a ZFS stream",
      "Send what zfs send made, from its first byte."),
  STREAM_REFUSED(
      422,
      Side.SENDER,
      Retry.NEVER,
      "The stream is not the one that was announced",
      "The detail names the record and what differs."),
  STREAM_UNSUPPORTED(
      422,
      Side.RECEIVER,
      Retry.NEVER,
      "The stream needs features the receiver does not have",
      "Upgrade the receiver or its pool; the detail names the features."),
  STREAM_CORRUPT(
      422,
      Side.SENDER,
      Retry.RESUME,
      "The stream is damaged",
      "Try again; if it persists, check the sender's pool."),
  STREAM_TRUNCATED(
      422,
      Side.LINK,
      Retry.RESUME,
      "The stream ended too early",
      "Try again; it resumes where it can."),
  TRAILING_BYTES(
      422,
      Side.SENDER,
      Retry.RE_PLAN,
      "Bytes follow the end of the stream",
      "The snapshots that arrived whole stay; plan anew."),
  UNPROVEN(
      422,
      Side.SENDER,
      Retry.RESUME,
      "The stream's proof is missing or does not agree",
      "Nothing was committed; try again."),
  SENDER_FAILED(
      502,
      Side.SENDER,
      Retry.RE_PLAN,
      "The sending child failed",
      "The problem holds its exit status and what it wrote to stderr."),
  RECEIVER_FAILED(
      502,
      Side.RECEIVER,
      Retry.RE_PLAN,
      "The receiving child failed",
      "The problem holds its exit status and what it wrote to stderr."),
  WRONG_GUID(
      502,
      Side.RECEIVER,
      Retry.RE_PLAN,
      "The received snapshot is not the one that was sent",
      "Plan anew."),
  PEER_UNREACHABLE(
      502,
      Side.LINK,
      Retry.LATER,
      "The peer cannot be reached",
      "Check its address (flocker peer list) and that its flockerd runs."),
  PEER_IDENTITY(
      502,
      Side.LINK,
      Retry.NEVER,
      "Another node answers at the peer's address",
      "Correct the address in /v1/peers, or the peer's certificate."),
  CERTIFICATE_NOT_IN_FORCE(
      502,
      Side.LINK,
      Retry.LATER,
      "A certificate is not in force at this time",
      "Compare the clocks of both nodes; where they agree, renew the certificate that is named."),
  CERTIFICATE_REFUSED(
      502,
      Side.LINK,
      Retry.NEVER,
      "The peer does not accept this node's certificate",
      "Look at the peer's log for why; both nodes need certificates of the same cluster.crt."),
  PEER_SILENT(
      504,
      Side.LINK,
      Retry.RESUME,
      "The peer has fallen silent",
      "Check the link; the next try resumes."),
  PEER_FAILED(
      502,
      Side.RECEIVER,
      Retry.LATER,
      "The peer failed in a way this version does not know",
      "The problem holds what the peer said."),
  STALLED(
      504,
      Side.NODE,
      Retry.RE_PLAN,
      "What was under way gave no sign of life for long, and was ended",
      "It is tried again by itself. If it stalls there again, look at what the detail names: the"
          + " peer's pool and ours, and commands of ZFS that hang."),
  TOO_SLOW_TO_SHARE(
      504,
      Side.RECEIVER,
      Retry.RESUME,
      "The peer was too slow for a stream that goes to others as well",
      "It is sent a stream of its own, by itself. If that happens often, look at the link and at"
          + " the peer's pool, or give the volume a longer maxLag."),
  NOTHING_TO_VERIFY(
      409,
      Side.RECEIVER,
      Retry.NEVER,
      "The peer has no snapshot that could be compared",
      "Push the volume to the peer first."),
  COPY_DIFFERS(
      409,
      Side.RECEIVER,
      Retry.NEVER,
      "The copy does not contain what its owner has",
      "Do not rely on the copy. Look at both pools with zpool status and zpool scrub; clone the"
          + " copy there if it is to be looked into, destroy it, and push anew."),
  HOOK_FAILED(
      502,
      Side.NODE,
      Retry.LATER,
      "A hook of the volume's policy has failed",
      "The problem holds what it said. Mend what it does, or have the policy go on without it; no"
          + " snapshot is taken until then."),
  HOOK_UNKNOWN(
      409,
      Side.NODE,
      Retry.NEVER,
      "The node has no hook of that name",
      "Give it a command under hooks in flockerd.yml of the node, which the problem names, and"
          + " reload it; or have the policy name another one."),
  UNREADABLE_CONTENT(
      500,
      Side.NODE,
      Retry.LATER,
      "What a snapshot contains could not be read",
      "The detail names the file; look at the pool with zpool status."),
  CANCELLED(
      409,
      Side.CALLER,
      Retry.RESUME,
      "The operation was cancelled",
      "Start it again; it resumes where it can."),
  INTERRUPTED(
      503,
      Side.NODE,
      Retry.RE_PLAN,
      "The node's daemon ended while the operation was at work",
      "Look at the volume, then start it again if it is still wanted.");

  private final Traits traits;

  TransferFailure(int status, Side side, Retry retry, String title, String remedy) {
    this.traits = new Traits(status, side, retry, title, remedy);
  }

  @Override
  public Traits traits() {
    return traits;
  }
}
