package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.plan.Step;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retention.Retention;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.PeerBases;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.PruneRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which snapshots of a volume are kept, for whom, and for how long. At the owner; blocking, with
 * the volume's lock held.
 */
public final class SnapshotRetention {
  private final VolumeCatalog catalog;
  private final PeerCursors cursors;
  private final PeerBases bases;
  private final PeerVolumes peers;
  private final Policies policies;
  private final PolicyNews news;

  /**
   * Prunes here and at {@code peers}, by what {@code policies} say.
   *
   * @param news hears what peers are told of those
   */
  public SnapshotRetention(
      NodeVolumes node, PeerVolumes peers, Policies policies, PolicyNews news) {
    this.news = news;
    this.policies = policies;
    this.catalog = node.catalog();
    this.cursors = node.memory().cursors();
    this.bases = node.bases();
    this.peers = peers;
  }

  /** A peer is proven to have a snapshot. */
  void arrived(Volume volume, NodeId peer, Guid guid) throws FailureException {
    bases.arrived(volume, peer, guid);
  }

  /**
   * The base of a stream is kept for the peer before the stream begins: what the peer was just seen
   * to have stays here, whatever ends meanwhile.
   */
  void keepBase(Volume volume, NodeId peer, Step first) throws FailureException {
    Optional<Guid> base = first.from().filter(guid -> volume.dataset().snapshot(guid).isPresent());
    if (base.isPresent() && !base.get().equals(cursors.of(volume.id()).get(peer))) {
      bases.arrived(volume, peer, base.get());
    }
  }

  /**
   * What is about to be sent is kept for the peer until it is heard of: where a stream breaks off
   * the peer may have some of it, and its newest snapshot must not be unknown here.
   */
  void sending(Volume volume, NodeId peer, List<Step> steps) throws FailureException {
    cursors.sending(
        volume.id(),
        peer,
        steps.stream().flatMap(step -> step.brings().stream()).map(Snapshot::guid).toList());
  }

  /** What a new copy has to have too: its next owner has users, and other peers, to serve. */
  Predicate<Snapshot> lasting(Volume volume) {
    Set<Guid> bases = Set.copyOf(cursors.of(volume.id()).values());
    return snapshot -> !Retention.isPrunable(snapshot) || bases.contains(snapshot.guid());
  }

  /**
   * Destroys what no peer needs any more, here and at the peer that was just sent to. What cannot
   * be destroyed now is left to the next time: no push fails for that.
   */
  void prune(Volume volume, NodeId peer) {
    Map<NodeId, Set<Guid>> held = held(volume);
    List<Snapshot> present = volume.dataset().snapshots();
    Set<Snapshot> expendable =
        Retention.expendable(present, held, rules(volume)).stream()
            .filter(isSettled(volume, peer))
            .collect(Collectors.toUnmodifiableSet());
    destroyOrLeave(volume, present.stream().filter(expendable::contains).toList());
    Copy copy = new Copy(volume.id(), peer);
    Handover said = Handover.of(policies, volume.id(), volume.name());
    try {
      peers.prune(peer, volume.id(), request(volume, peer, held, expendable).telling(said));
      news.heard(copy, said);
    } catch (FailureException e) {
      news.unheard(copy);
      tellLeft(volume, e);
    }
  }

  /** What the peer keeps: what stays here, unless the policy has rules of its own for peers. */
  private PruneRequest request(
      Volume volume, NodeId peer, Map<NodeId, Set<Guid>> held, Set<Snapshot> expendable) {
    Optional<RetentionRules> wish =
        policies
            .of(volume.id(), volume.name())
            .filter(policy -> policy.peers().contains(peer))
            .flatMap(Policy::keepAtPeers);
    List<Snapshot> present = volume.dataset().snapshots();
    Set<Snapshot> given =
        wish.isEmpty() ? expendable : Set.copyOf(Retention.expendable(present, held, List.of()));
    List<Guid> keep =
        present.stream().filter(snapshot -> !given.contains(snapshot)).map(Snapshot::guid).toList();
    return wish.map(rules -> new PruneRequest(volume.owner(), volume.epoch(), keep, rules))
        .orElseGet(() -> new PruneRequest(volume.owner(), volume.epoch(), keep));
  }

  private List<RetentionRules> rules(Volume volume) {
    return List.of(
        policies.of(volume.id(), volume.name()).map(Policy::keep).orElse(RetentionRules.USUAL));
  }

  /** What earlier pushes that failed left here, and that {@code peer} does not have. */
  List<Snapshot> failed(Volume volume, NodeId peer, Set<Guid> there) {
    Map<NodeId, Set<Guid>> held = held(volume);
    held.put(peer, there);
    return Retention.expendable(volume.dataset().snapshots(), held, rules(volume)).stream()
        .filter(isSettled(volume, peer))
        .toList();
  }

  /** False for a snapshot that a peer other than {@code heard} may have, unknown to this node. */
  private Predicate<Snapshot> isSettled(Volume volume, NodeId heard) {
    Map<NodeId, List<Guid>> unsettled = new HashMap<>(cursors.unsettled(volume.id()));
    unsettled.remove(heard);
    Set<Guid> doubtful =
        unsettled.values().stream().flatMap(List::stream).collect(Collectors.toUnmodifiableSet());
    return snapshot -> !doubtful.contains(snapshot.guid());
  }

  /** Destroys what {@link #failed} finds. */
  void pruneFailed(Volume volume, NodeId peer, Set<Guid> there) {
    destroyOrLeave(volume, failed(volume, peer, there));
  }

  private void destroyOrLeave(Volume volume, List<Snapshot> expendable) {
    try {
      var _ = destroy(catalog, volume, expendable);
    } catch (FailureException e) {
      tellLeft(volume, e);
    }
  }

  private Map<NodeId, Set<Guid>> held(Volume volume) {
    return cursors.of(volume.id()).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                cursor -> Set.of(cursor.getValue()),
                (_, last) -> last,
                HashMap::new));
  }

  private static void tellLeft(Volume volume, FailureException why) {
    Action.message(
        MessageType.SNAPSHOTS_LEFT,
        Map.of("volume", volume.id().toString(), "reason", why.detail()));
  }

  /** Destroys snapshots, but for those that somebody holds or uses, and tells which are gone. */
  public static List<String> destroy(
      VolumeCatalog catalog, Volume volume, List<Snapshot> expendable) throws FailureException {
    List<String> gone = new ArrayList<>();
    for (Snapshot snapshot : expendable) {
      try {
        catalog.snapshots().destroy(volume, snapshot);
        gone.add(snapshot.name());
      } catch (FailureException e) {
        if (e.failure() != StorageFailure.SNAPSHOT_HELD
            && e.failure() != StorageFailure.DATASET_BUSY) {
          throw e;
        }
      }
    }
    if (!gone.isEmpty()) {
      Action.message(
          MessageType.SNAPSHOT_PRUNED,
          Map.of("dataset", volume.dataset().name(), "snapshots", gone));
    }
    return gone;
  }
}
