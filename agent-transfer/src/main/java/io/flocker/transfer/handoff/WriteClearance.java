package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.Takeover;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeStartup;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.VolumeView;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a starting node from writing a volume that somebody took over while it was down: a volume
 * is mounted once every peer that may take over has said that it knows no higher epoch. Blocking;
 * one thread.
 */
public final class WriteClearance {
  private final PeerBook peers;
  private final PeerVolumes others;
  private final EpochMemory epochs;
  private final VolumeLocks locks;
  private final VolumeStartup startup;
  private final Set<VolumeId> settled = new HashSet<>();

  public WriteClearance(
      PeerBook peers,
      PeerVolumes others,
      EpochMemory epochs,
      VolumeLocks locks,
      VolumeStartup startup) {
    this.peers = peers;
    this.others = others;
    this.epochs = epochs;
    this.locks = locks;
    this.startup = startup;
  }

  /** Whether anybody has to be asked. */
  public boolean isNeeded() {
    return !rivals().isEmpty();
  }

  /**
   * Mounts what may be written by now.
   *
   * @param waiting the volumes that this node owned when it started
   * @return whether every one of them is mounted, or known to be somebody else's
   */
  public boolean isSettled(List<VolumeId> waiting) throws FailureException {
    for (VolumeId id : waiting) {
      if (!settled.contains(id)) {
        try (VolumeLocks.Lease _ = locks.own(id, "write inquiry")) {
          var _ = startup.mountOwned(volume -> volume.id().equals(id) && mayWrite(volume));
        }
      }
    }
    return settled.containsAll(waiting);
  }

  private boolean mayWrite(Volume volume) {
    for (Peer rival : rivals()) {
      try {
        VolumeView view = others.view(rival.node(), volume);
        epochs.observe(volume.id(), Math.max(view.highestEpoch(), volume.epoch()));
        if (view.highestEpoch() > volume.epoch()) {
          settled.add(volume.id()); // Contested from now on: an operator has to choose.
          return false;
        }
      } catch (FailureException e) {
        Action.message(
            MessageType.VOLUME_WAITS,
            Map.of(
                "volume", volume.id().toString(),
                "peer", rival.node().toString(),
                "reason", e.detail()));
        return false;
      }
    }
    settled.add(volume.id());
    return true;
  }

  private List<Peer> rivals() {
    return peers.list().stream().filter(peer -> peer.takeover() == Takeover.MANUAL).toList();
  }
}
