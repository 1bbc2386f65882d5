package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.Takeover;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.core.volume.ownership.Epochs;
import io.flocker.transfer.protocol.VolumeView;
import java.util.Optional;

/**
 * Keeps a starting node from writing a volume that somebody took over while it was down: a volume
 * is mounted once every peer that may take over has said that it knows no higher epoch. Blocking;
 * any thread.
 */
public final class WriteClearance implements VolumeMounter.Clearance {
  /** Asks a peer what it knows of a volume. */
  @FunctionalInterface
  public interface Question {
    /** Its answer. */
    VolumeView ask(NodeId peer, Volume volume) throws FailureException;
  }

  private final PeerBook peers;
  private final Question question;
  private final EpochMemory epochs;

  public WriteClearance(PeerBook peers, Question question, EpochMemory epochs) {
    this.peers = peers;
    this.question = question;
    this.epochs = epochs;
  }

  /**
   * A higher epoch is remembered, for the operator let this peer take over: the volume is contested
   * from then on. One that no volume gets to keeps it offline for as long as it is told.
   */
  @Override
  public Optional<String> objection(Volume volume) {
    for (Peer peer : peers.list()) {
      if (peer.takeover() == Takeover.MANUAL) {
        Optional<String> objection = objection(peer.node(), volume);
        if (objection.isPresent()) {
          return objection;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> objection(NodeId peer, Volume volume) {
    try {
      long highest = question.ask(peer, volume).highestEpoch();
      if (highest <= volume.epoch()) {
        return Optional.empty();
      }
      if (!Epochs.isWithinReach(volume.epoch(), highest)) {
        return Optional.of(
            "node "
                + peer
                + ", which may take it over, says that it is at epoch "
                + highest
                + ", which is not believed: here it is at "
                + volume.epoch());
      }
      epochs.observe(volume.id(), highest);
      return Optional.of(
          "node " + peer + " knows it at epoch " + highest + ", here it is at " + volume.epoch());
    } catch (FailureException e) {
      return Optional.of("node " + peer + ", which may take it over, does not say: " + e.detail());
    }
  }
}
