package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.retry.Backoff;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.VolumeView;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits for a volume that another node has released to this one. It takes nothing by itself: the
 * owner's flockerd grants what it has released, again and again. Blocking; any thread may call.
 */
public final class AwaitGrant {
  /** As long as a handoff itself waits for its peer, and longer than its longest pause. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final NodeId self;
  private final VolumeCatalog catalog;
  private final PeerVolumes peers;

  public AwaitGrant(NodeId self, VolumeCatalog catalog, PeerVolumes peers) {
    this.self = self;
    this.catalog = catalog;
    this.peers = peers;
  }

  /**
   * Waits until this node owns what was {@code owner}'s.
   *
   * @return this node
   * @throws FailureException {@code OWNED_HERE} where this node is named as the owner that was,
   *     {@code VOLUME_NOT_FOUND}, {@code NOT_RELEASED} unless the owner says that it has given the
   *     volume to this node
   */
  public NodeId await(NodeId owner, VolumeName name) throws FailureException, InterruptedException {
    if (owner.equals(self)) {
      throw OwnershipFailure.OWNED_HERE.because(name + " is this node's own, node " + self);
    }
    Backoff backoff = Backoff.every(PAUSE).within(PATIENCE);
    boolean isReleased = false;
    while (true) {
      if (isOurs(name)) {
        return self;
      }
      if (!isReleased) {
        requireReleased(owner, name);
        isReleased = true;
      }
      if (!backoff.pause()) {
        throw OwnershipFailure.NOT_RELEASED.because(
            "node " + owner + " has released " + name + " and does not grant it; its log says why");
      }
    }
  }

  /** The owner may have granted it before anybody asked. */
  private boolean isOurs(VolumeName name) throws FailureException {
    return catalog.find(name).filter(volume -> volume.role() == Role.OWNER).isPresent();
  }

  private void requireReleased(NodeId owner, VolumeName name) throws FailureException {
    Volume copy =
        catalog
            .find(owner, name)
            .orElseThrow(() ->
                OwnershipFailure.VOLUME_NOT_FOUND.because(
                    "there is no volume " + owner + "." + name + " here"));
    VolumeView there = peers.view(owner, copy);
    if (!there.owner().equals(Optional.of(self))) {
      throw OwnershipFailure.NOT_RELEASED.because(
          "node "
              + owner
              + " has not released "
              + name
              + " to this node: have it handed off there, by flocker volume handoff "
              + name
              + " "
              + self);
    }
  }
}
