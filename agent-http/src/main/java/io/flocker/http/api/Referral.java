package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.PeerBook;

/** Tells a caller who asked the wrong node where the volume's owner is. Any thread. */
public final class Referral {
  /** Member of a problem that names the owner by its id. */
  private static final String OWNER = "owner";

  /** Member of a problem that says where the owner's API is served. */
  private static final String OWNER_URL = "ownerUrl";

  private final PeerBook peers;

  /** Refers to the nodes that {@code peers} knows. */
  public Referral(PeerBook peers) {
    this.peers = peers;
  }

  /** The same failure, with the owner's URL if it is {@code NOT_OWNER} and the owner is known. */
  public FailureException of(FailureException failure) {
    boolean isNotOwner = failure.failure() == OwnershipFailure.NOT_OWNER;
    if (isNotOwner && failure.members().get(OWNER) instanceof NodeId owner) {
      return peers
          .find(owner)
          .map(peer -> failure.with(OWNER_URL, peer.addresses().getFirst().url().toString()))
          .orElse(failure);
    }
    return failure;
  }
}
