package io.flocker.transfer.confirm;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.Fencing;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.ownership.Epochs;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.transfer.protocol.ConfirmAnswer;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Asks one peer about one volume, and acts upon the answer. Blocking; any thread. */
final class PeerQuestion {
  private final NodeId self;
  private final PeerVolumes peers;
  private final VolumeCatalog catalog;
  private final Fencing fencing;
  private final Confirmations confirmations;
  private final GrantKeeper grants;
  private final EpochMemory epochs;

  /** Peers that the log has named as too old for the question, in this run. */
  private final Set<NodeId> old = ConcurrentHashMap.newKeySet();

  PeerQuestion(
      NodeId self,
      PeerVolumes peers,
      VolumeCatalog catalog,
      Fencing fencing,
      Confirmations confirmations,
      GrantKeeper grants,
      EpochMemory epochs) {
    this.self = self;
    this.peers = peers;
    this.catalog = catalog;
    this.fencing = fencing;
    this.confirmations = confirmations;
    this.grants = grants;
    this.epochs = epochs;
  }

  /** What this node has on record of a volume that it owns; empty if it does not. */
  Optional<Tenure> owned(VolumeId id) throws FailureException {
    return catalog.known(id).stream()
        .filter(head -> head.role() == Role.OWNER)
        .findFirst()
        .flatMap(VolumeHead::tenure);
  }

  /** The question about that, with all that proves it. */
  ConfirmRequest about(VolumeId id, Tenure tenure) throws FailureException {
    if (tenure.epoch() == 0 && !grants.isCreationSigned(id, self, tenure.operation())) {
      boolean hasFreshId =
          catalog
              .find(id)
              .flatMap(volume -> volume.dataset().record())
              .filter(OwnershipRecord::isOfFreshId)
              .isPresent();
      grants.signCreation(id, self, tenure.operation(), hasFreshId);
    }
    return ConfirmRequest.showing(
        tenure, GrantDocument.of(grants.withCreation(id, tenure.epoch())));
  }

  /** Asks; what the answer proves is acted upon when this returns. */
  Outcome ask(Peer who, VolumeId id, Tenure tenure, ConfirmRequest question)
      throws FailureException {
    NodeId peer = who.node();
    ConfirmAnswer answer;
    try {
      answer = peers.confirm(peer, id, question);
    } catch (FailureException e) {
      if (e.failure() == RequestFailure.NOT_FOUND) {
        return askAnOldOne(who, id, tenure);
      }
      return e.failure() == OwnershipFailure.VOLUME_LOCKED
          ? new Outcome.Refused(e.detail()) // It is being taken over there.
          : new Outcome.Unanswered("node " + peer + " does not say: " + e.detail());
    }
    Outcome outcome = judge(peer, id, tenure, answer);
    if (outcome instanceof Outcome.Confirmed
        && confirmations.confirm(id, tenure.operation(), peer)) {
      catalog.confirmed(id, peer);
    }
    return outcome;
  }

  /**
   * Asks who owns a volume that this node has given away, or that is contested here. What the
   * answer proves is acted upon when this returns; a copy follows its owner's streams alone.
   */
  void learn(NodeId peer, VolumeId id) throws FailureException {
    Optional<Tenure> held = catalog.known(id).stream().findFirst().flatMap(VolumeHead::tenure);
    if (held.isPresent()) {
      ConfirmRequest question =
          ConfirmRequest.showing(
              held.get(), GrantDocument.of(grants.withCreation(id, held.get().epoch())));
      show(id, peers.confirm(peer, id, question));
    }
  }

  private void show(VolumeId id, ConfirmAnswer answer) throws FailureException {
    if (answer.tenure().isPresent()) {
      fencing.show(id, answer.tenure().get(), answer.proof());
    }
  }

  private Outcome judge(NodeId peer, VolumeId id, Tenure asked, ConfirmAnswer answer)
      throws FailureException {
    show(id, answer);
    if (!owned(id).equals(Optional.of(asked))) {
      return new Outcome.Refused("node " + peer + " proves that it is another's");
    }
    if (answer.writable().isPresent()) {
      return new Outcome.Refused(
          "node " + peer + " has lost it, and can still write it: " + answer.writable().get());
    }
    if (isWriter(peer, answer)) {
      return new Outcome.Refused(
          "node %s owns it itself, at epoch %d, here it is at %d, and neither proves its own to the"
                  .formatted(peer, answer.epoch(), asked.epoch())
              + " other: have an operator choose one (flocker volume resolve), or take that node"
              + " out of the peers if it lies");
    }
    // A replica repeats its owner's word. A peer without a copy was shown the grants of any later
    // owner that it believes in, and could show them here: an epoch without them is hearsay.
    boolean isOfWeight = answer.role().filter(role -> role != Role.REPLICA).isPresent();
    if (isOfWeight && answer.highestEpoch() > asked.epoch()) {
      return new Outcome.Doubted(
          "node %s knows it at epoch %d, here it is at %d; nothing proves that"
              .formatted(peer, answer.highestEpoch(), asked.epoch()));
    }
    boolean isCopy = answer.role().equals(Optional.of(Role.REPLICA));
    if (!isCopy && answer.epoch() == asked.epoch() && !agrees(asked, answer)) {
      return new Outcome.Doubted(
          "node %s has it on record that node %s owns it, at epoch %d; nothing proves that"
              .formatted(
                  peer, answer.owner().map(NodeId::toString).orElse("nobody"), answer.epoch()));
    }
    return new Outcome.Confirmed();
  }

  /** A peer that was shown our proof, and owns the volume all the same, may be writing it. */
  private static boolean isWriter(NodeId peer, ConfirmAnswer answer) {
    return answer.role().equals(Optional.of(Role.OWNER))
        && answer.owner().equals(Optional.of(peer));
  }

  private static boolean agrees(Tenure asked, ConfirmAnswer answer) {
    return answer.owner().isEmpty()
        || (answer.owner().get().equals(asked.owner())
            && answer.operation().map(asked.operation()::equals).orElse(true));
  }

  /** An older peer does not know the question, but tells the highest epoch that it has seen. */
  private Outcome askAnOldOne(Peer who, VolumeId id, Tenure tenure) throws FailureException {
    NodeId peer = who.node();
    if (old.add(peer)) {
      Action.message(MessageType.PEER_UNASKED, Map.of("peer", peer.toString()));
    }
    Optional<Volume> volume = catalog.find(id);
    if (volume.isEmpty()) {
      return new Outcome.Refused("it is gone");
    }
    long highest;
    try {
      highest = peers.view(peer, volume.get()).highestEpoch();
    } catch (FailureException e) {
      return new Outcome.Unanswered("node " + peer + " does not say: " + e.detail());
    }
    if (highest <= tenure.epoch()) {
      return new Outcome.Unasked(
          "node " + peer + " is of an older version, and cannot confirm what it would have to");
    }
    if (Epochs.isWithinReach(tenure.epoch(), highest)) {
      if (who.takeover() == Takeover.MANUAL) {
        epochs.observe(id, highest); // The operator lets this peer take over: it is contested.
      }
      return new Outcome.Doubted(
          "node %s knows it at epoch %d, here it is at %d"
              .formatted(peer, highest, tenure.epoch()));
    }
    return new Outcome.Doubted(
        "node %s says that it is at epoch %d, which is not believed: here it is at %d"
            .formatted(peer, highest, tenure.epoch()));
  }
}
