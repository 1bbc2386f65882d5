package io.flocker.core.operation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the sending of a volume waits for, from moment to moment. */
public enum Wait {
  /** Its turn among the streams that leave the node. */
  TURN("its turn among the streams that leave this node or come to the peer"),
  /** The list of what is here. */
  LISTING("ZFS here to list the volume"),
  /** What the peer has. */
  ASKING("the peer to say what it has of the volume"),
  /** What the policy has run before or after the snapshot. */
  HOOK("the hooks of its policy to end"),
  SNAPSHOT("ZFS here to take the snapshot"),
  /** Which streams bring what is missing, how long they are, and that their base stays. */
  PLANNING("ZFS here to keep the base and to estimate the stream"),
  ANNOUNCING("the peer to accept the stream"),
  FIRST_BYTE("the first byte of zfs send here"),
  BYTES("the stream's bytes to move, from zfs send here to zfs receive there"),
  /** All bytes have left; the peer compares the proof and has ZFS commit. */
  PROOF("the peer's ZFS to commit the snapshot, and the peer to prove it"),
  PRUNING("ZFS here and there to destroy what nobody needs any more"),
  /** Whether the peer has what is here, file by file: beside pushes, and no part of one. */
  VERIFYING("both nodes to read all files of a snapshot");

  private final String words;

  Wait(String words) {
    this.words = words;
  }

  /** The same for people, as the object of "waits for". */
  public String words() {
    return words;
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
