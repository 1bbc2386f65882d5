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
import java.util.function.Consumer;

/**
 * Tells the nodes that have copies of this node's volumes the present policies of these, also that
 * a copy is not wanted any more: a node that has to take a volume over goes on with the policy that
 * it was told last. Who has heard it is told the same again now and then, and soon where it was
 * away: so copies are missed that are gone. One thread looks around; any may say what was told.
 */
public final class PolicyNews implements RoundLoop.Rounds {
  /** How soon a node that could not be told is told again. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** How soon a node that has heard it is told again: its copy may be gone by then. */
  private static final Duration HEARD = Duration.ofMinutes(15);

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
  private volatile Consumer<Copy> gone = _ -> {};
  private volatile boolean isClosed;

  /**
   * What a copy's node was told last.
   *
   * @param when it was
   * @param again when to tell it the same again
   */
  private record Told(Handover said, Instant when, Instant again) {
    boolean isDue(Handover now, Instant at) {
      return !said.equals(now) || !again.isAfter(at);
    }

    /** To be told soon; however often its node comes back, not in every round. */
    Told soon() {
      return new Told(said, when, when.plus(PAUSE));
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

  /**
   * Has {@code listener} told of each copy whose node says that it has none; it does not wait. A
   * push of it may just be under way.
   */
  public void onGone(Consumer<Copy> listener) {
    gone = listener;
  }

  /** A node answers again: it may have another pool than before. */
  public void isBack(NodeId peer) {
    told.replaceAll((copy, last) -> copy.peer().equals(peer) ? last.soon() : last);
  }

  /** The copy's node has heard that. */
  void heard(Copy copy, Handover said) {
    note(copy, said, HEARD);
  }

  private void note(Copy copy, Handover said, Duration pause) {
    Instant now = clock.instant();
    var _ = told.put(copy, new Told(said, now, now.plus(pause)));
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
        note(copy, said, REFUSED);
        if (e.failure() == OwnershipFailure.VOLUME_NOT_FOUND) {
          gone.accept(copy);
        }
      } else {
        unheard(copy);
      }
      return !(e.failure() instanceof TransferFailure);
    }
  }
}
