package io.flocker.core.simulation;

import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ReleaseJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What outlives a node's daemon and machine, at one moment. Never changed, only replaced. */
final class Disk {
  private Disk() {}

  /**
   * A snapshot.
   *
   * @param data the writes that it holds, a bit each
   */
  record Snap(Guid guid, long data) {}

  /**
   * A dataset.
   *
   * @param data as it is now, a bit for each write
   */
  record Copy(Optional<OwnershipRecord> record, Guid guid, long data, List<Snap> snapshots) {
    Copy with(Optional<OwnershipRecord> other) {
      return new Copy(other, guid, data, snapshots);
    }

    Copy written(long more) {
      return new Copy(record, guid, data | more, snapshots);
    }

    Copy snapshot(Guid taken) {
      List<Snap> longer = new ArrayList<>(snapshots);
      boolean _ = longer.add(new Snap(taken, data));
      return new Copy(record, guid, data, List.copyOf(longer));
    }

    Optional<Guid> latest() {
      return snapshots.isEmpty() ? Optional.empty() : Optional.of(snapshots.getLast().guid());
    }
  }

  /**
   * The pool.
   *
   * @param setAside what copies under other names hold
   */
  record Pool(Map<VolumeId, Copy> copies, Map<VolumeId, Long> setAside) {
    static final Pool EMPTY = new Pool(Map.of(), Map.of());

    Optional<Copy> copy(VolumeId volume) {
      return Optional.ofNullable(copies.get(volume));
    }

    long kept(VolumeId volume) {
      return setAside.getOrDefault(volume, 0L);
    }

    Pool with(VolumeId volume, Copy copy) {
      Map<VolumeId, Copy> changed = new HashMap<>(copies);
      var _ = changed.put(volume, copy);
      return new Pool(Map.copyOf(changed), setAside);
    }

    /** A copy under another name, which keeps what it holds. */
    Pool without(VolumeId volume) {
      long held = copy(volume).map(Copy::data).orElse(0L);
      Map<VolumeId, Copy> changed = new HashMap<>(copies);
      var _ = changed.remove(volume);
      return new Pool(Map.copyOf(changed), setAside).keeping(volume, held);
    }

    Pool keeping(VolumeId volume, long data) {
      Map<VolumeId, Long> more = new HashMap<>(setAside);
      var _ = more.merge(volume, data, (one, other) -> one | other);
      return new Pool(copies, Map.copyOf(more));
    }
  }

  /** That a peer has confirmed a record. */
  record Confirmation(VolumeId volume, UUID operation, NodeId peer) {}

  /** What a node has been told of its peers. */
  enum Peers {
    /** Who they are, all of them. */
    KNOWN,
    /** Nothing since its state folder was lost, and some of them may own what its pool says. */
    FORGOTTEN,
    /** That there are none, or that nobody needs to be asked. */
    NONE
  }

  /** The state folder. */
  record State(
      Map<VolumeId, Long> epochs,
      Map<VolumeId, Map<Long, SignedGrant>> grants,
      Map<VolumeId, ReleaseJournal.Entry> releases,
      List<Confirmation> confirmations,
      Peers peers) {
    static final State EMPTY = new State(Map.of(), Map.of(), Map.of(), List.of(), Peers.KNOWN);

    long highest(VolumeId volume) {
      return epochs.getOrDefault(volume, 0L);
    }

    State observing(VolumeId volume, long epoch) {
      Map<VolumeId, Long> changed = new HashMap<>(epochs);
      var _ = changed.put(volume, epoch);
      return new State(Map.copyOf(changed), grants, releases, confirmations, peers);
    }

    State adding(List<SignedGrant> signed) {
      Map<VolumeId, Map<Long, SignedGrant>> changed = new HashMap<>(grants);
      for (SignedGrant one : signed) {
        VolumeId volume = one.grant().lineage();
        Map<Long, SignedGrant> ofVolume = new HashMap<>(changed.getOrDefault(volume, Map.of()));
        var _ = ofVolume.put(one.grant().epoch(), one);
        var _ = changed.put(volume, Map.copyOf(ofVolume));
      }
      return new State(epochs, Map.copyOf(changed), releases, confirmations, peers);
    }

    State releasing(VolumeId volume, Optional<ReleaseJournal.Entry> entry) {
      Map<VolumeId, ReleaseJournal.Entry> changed = new HashMap<>(releases);
      if (entry.isPresent()) {
        var _ = changed.put(volume, entry.get());
      } else {
        var _ = changed.remove(volume);
      }
      return new State(epochs, grants, Map.copyOf(changed), confirmations, peers);
    }

    State confirmed(Confirmation by) {
      List<Confirmation> more = new ArrayList<>(confirmations);
      boolean _ = more.add(by);
      return new State(epochs, grants, releases, List.copyOf(more), peers);
    }

    State told(Peers who) {
      return new State(epochs, grants, releases, confirmations, who);
    }
  }
}
