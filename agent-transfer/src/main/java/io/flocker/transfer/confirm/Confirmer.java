package io.flocker.transfer.confirm;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.Takeover;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.Fencing;
import io.flocker.core.volume.NodeMemory;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Asks every peer whether what this node has on record of a volume is the last word, before it
 * mounts it writable: a disk may have gone back in time, and somebody may own the volume since. Who
 * may take over must have answered; any other is waited for a while, then asked again for as long
 * as it takes. Any thread may call.
 */
public final class Confirmer implements Clearance {
  /** Of the peer that has just given the volume away: it is there, and may be busy. */
  private static final Duration WAIT_FOR_GIVER = Duration.ofSeconds(5);

  private final PeerBook peers;
  private final VolumeCatalog catalog;
  private final Confirmations confirmations;
  private final PeerQuestion question;
  private final PatientQuestion patient;
  private final AskAgain again;
  private final UnknownVolume unknown;
  private final Duration waitForGiver;

  /**
   * Asks the peers of a node.
   *
   * @param wait how long a peer that may never take over is waited for
   */
  public Confirmer(
      NodeId self,
      NodeMemory memory,
      PeerVolumes links,
      VolumeCatalog catalog,
      Fencing fencing,
      Confirmations confirmations,
      Duration wait) {
    this.peers = memory.peers();
    this.catalog = catalog;
    this.confirmations = confirmations;
    this.question =
        new PeerQuestion(
            self, links, catalog, fencing, confirmations, memory.grants(), memory.epochs());
    this.patient = new PatientQuestion(question, confirmations, wait);
    this.again = new AskAgain(peers, confirmations, question, patient);
    this.unknown = new UnknownVolume(peers, links, wait);
    this.waitForGiver = wait.compareTo(WAIT_FOR_GIVER) < 0 ? wait : WAIT_FOR_GIVER;
  }

  @Override
  public Optional<String> objection(Volume volume) {
    Optional<String> unasked = unasked(volume); // First: who is told meanwhile is in the list.
    List<Peer> asked = peers.list();
    return asked.isEmpty()
        ? unasked
        : objection(volume.id(), asked, patient::ask).or(() -> unasked);
  }

  /**
   * Where nobody knows who all the peers are, an operator can answer for those that are missing.
   */
  private Optional<String> unasked(Volume volume) {
    boolean isAnswered =
        volume
            .dataset()
            .record()
            .filter(record -> confirmations.isTakenOver(volume.id(), record.operation()))
            .isPresent();
    return isAnswered ? Optional.empty() : peers.forgotten();
  }

  @Override
  public Optional<String> acquired(VolumeId volume, NodeId from) {
    List<Peer> asked =
        peers.list().stream()
            .filter(peer -> peer.node().equals(from) || peer.takeover() == Takeover.MANUAL)
            .toList();
    peers.list().stream()
        .filter(peer -> !asked.contains(peer))
        .forEach(peer -> again.now(peer.node(), volume));
    return objection(
        volume,
        asked,
        (peer, id, tenure, request) -> patient.askWithin(waitForGiver, peer, id, tenure, request));
  }

  private interface Asking {
    Outcome ask(Peer peer, VolumeId id, Tenure tenure, ConfirmRequest request)
        throws FailureException, InterruptedException;
  }

  /** Asks them side by side. */
  private Optional<String> objection(VolumeId id, List<Peer> asked, Asking asking) {
    try {
      Optional<Tenure> owned = question.owned(id);
      if (owned.isEmpty()) {
        return Optional.of("it is not this node's any more");
      }
      ConfirmRequest request = question.about(id, owned.get());
      Map<Peer, CompletableFuture<Outcome>> outcomes = new LinkedHashMap<>();
      for (Peer peer : asked) {
        outcomes.put(peer, InBackground.ask(() -> asking.ask(peer, id, owned.get(), request)));
      }
      return objection(outcomes, id, owned.get());
    } catch (FailureException e) {
      return Optional.of(e.detail());
    }
  }

  private Optional<String> objection(
      Map<Peer, CompletableFuture<Outcome>> outcomes, VolumeId id, Tenure tenure) {
    try {
      Optional<String> objection = Optional.empty();
      for (Map.Entry<Peer, CompletableFuture<Outcome>> one : outcomes.entrySet()) {
        Peer peer = one.getKey();
        Outcome outcome = one.getValue().get();
        again.note(peer, id, tenure, outcome);
        boolean isWaitedFor = !confirmations.isFenced(id, tenure.operation(), peer.node());
        if (objection.isEmpty() && isObjection(peer, outcome, isWaitedFor)) {
          objection = Optional.of(outcome.reason());
        }
      }
      return objection;
    } catch (ExecutionException e) {
      Action.traceback(e);
      return Optional.of("its peers could not be asked; this node's log says why");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("this node is being stopped");
    }
  }

  private static boolean isObjection(Peer peer, Outcome outcome, boolean isWaitedFor) {
    return switch (outcome) {
      case Outcome.Confirmed _, Outcome.Unasked _ -> false;
      case Outcome.Refused _ -> true;
      case Outcome.Doubted _ -> peer.takeover() == Takeover.MANUAL;
      case Outcome.Unanswered _ -> isWaitedFor && peer.takeover() == Takeover.MANUAL;
    };
  }

  @Override
  public void requireUnknown(VolumeId volume) throws FailureException {
    unknown.require(volume);
  }

  @Override
  public void owned(VolumeId volume) {
    peers.list().forEach(peer -> again.now(peer.node(), volume));
  }

  @Override
  public void doubted(VolumeId volume, NodeId by) {
    again.now(by, volume);
  }

  @Override
  public void peerAdded(NodeId peer) {
    try {
      for (VolumeHead head : catalog.known()) {
        if (head.role() == Role.OWNER) {
          again.now(peer, head.id());
        }
      }
    } catch (FailureException e) {
      Action.traceback(e); // The pool is away: whatever it holds is asked about when it is mounted.
    }
  }

  @Override
  public void peerTakenOut(NodeId peer) {
    again.takenOut(peer);
    confirmations.takenOut(peer);
  }

  @Override
  public void answered(NodeId peer) {
    if (patient.answered(peer)) {
      again.wake();
    }
  }

  @Override
  public void close() {
    again.close();
  }
}
