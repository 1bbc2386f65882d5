package io.flocker.transfer.push;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.loop.RoundLoop;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.PruneRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells the nodes that have copies of this node's volumes the present policies of these, also that
 * a copy is not wanted any more: a node that has to take a volume over goes on with the policy that
 * it was told last. One thread looks around; any may say what was told.
 */
public final class PolicyNews implements RoundLoop.Rounds {
  /** How soon a node that could not be told is told again. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** How soon a node that has no copy is told again. */
  private static final Duration REFUSED = Duration.ofHours(1);

  /** All else passes: in the midst of a handoff a node takes another one for the owner. */
  private static final Set<Failure> HOPELESS =
      Set.of(OwnershipFailure.VOLUME_NOT_FOUND, OwnershipFailure.PEER_UNKNOWN);

  private final VolumeCatalog catalog;
  private final PeerCursors cursors;
  private final PeerVolumes peers;
  private final Policies policies;
  private final InstantSource clock;
  private final Map<Copy, Told> told = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  /**
   * What a copy's node was told last.
   *
   * @param again when to tell it the same again; empty where it has heard that
   */
  private record Told(Handover said, Optional<Instant> again) {
    boolean isDue(Handover now, Instant at) {
      return !said.equals(now) || again.filter(time -> !time.isAfter(at)).isPresent();
    }
  }

  /** Nobody was told anything yet, as far as this daemon knows. */
  public PolicyNews(NodeVolumes node, PeerVolumes peers, Policies policies, InstantSource clock) {
    this.catalog = node.catalog();
    this.cursors = node.memory().cursors();
    this.peers = peers;
    this.policies = policies;
    this.clock = clock;
  }

  /** The copy's node has heard that. */
  void heard(Copy copy, Handover said) {
    var _ = told.put(copy, new Told(said, Optional.empty()));
  }

  /** Nobody knows what the copy's node has heard; the next round tells it. */
  void unheard(Copy copy) {
    var _ = told.remove(copy);
  }

  @Override
  public Optional<Duration> round() {
    try {
      Set<Copy> copies = new HashSet<>();
      Set<NodeId> silent = new HashSet<>();
      for (VolumeHead volume : catalog.known()) {
        if (volume.role() == Role.OWNER) {
          for (NodeId peer : cursors.peers(volume.id())) {
            boolean _ = copies.add(new Copy(volume.id(), peer));
            if (!isClosed && !silent.contains(peer) && !tell(volume, peer)) {
              boolean _ = silent.add(peer);
            }
          }
        }
      }
      boolean _ = told.keySet().retainAll(copies);
    } catch (FailureException _) {
      // While the pool is away that is told of.
    }
    return Optional.of(PAUSE);
  }

  @Override
  public void close() {
    isClosed = true;
  }

  /** Tells one node, unless it has heard that; false where the node cannot be reached now. */
  private boolean tell(VolumeHead volume, NodeId peer) {
    Copy copy = new Copy(volume.id(), peer);
    Handover said = Handover.of(policies, volume.id(), volume.name());
    Told before = told.get(copy);
    if (before != null && !before.isDue(said, clock.instant())) {
      return true;
    }
    try {
      peers.prune(peer, volume.id(), PruneRequest.news(volume.owner(), volume.epoch(), said));
      heard(copy, said);
      return true;
    } catch (FailureException e) {
      if (HOPELESS.contains(e.failure())) {
        var _ = told.put(copy, new Told(said, Optional.of(clock.instant().plus(REFUSED))));
      } else {
        unheard(copy);
      }
      return !(e.failure() instanceof TransferFailure);
    }
  }
}
