package io.flocker.core.volume;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.volume.HoldJournal.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Holds that are written down and needed no more. What is written of a volume that is not here now
 * stays written: it may be back tomorrow, and not every ZFS tells what holds its snapshots then.
 * One thread at a time; blocks on ZFS.
 */
final class LeftoverHolds {
  /** A volume that was away for so long is taken for destroyed by hand. */
  private static final Duration MOST_AWAY = Duration.ofDays(30);

  private final VolumeCatalog catalog;
  private final PeerBook peers;
  private final PeerCursors cursors;
  private final HoldJournal journal;
  private final SnapshotHolds holds;
  private final Predicate<UUID> isAtWork;
  private final InstantSource clock;

  /** Since when this daemon misses volumes that something is written of. */
  private final Map<VolumeId, Instant> awaySince = new HashMap<>();

  /**
   * Those of what {@code node} has written down.
   *
   * @param isAtWork whether an operation has not ended
   */
  LeftoverHolds(NodeVolumes node, Predicate<UUID> isAtWork, InstantSource clock) {
    this.catalog = node.catalog();
    this.peers = node.memory().peers();
    this.cursors = node.memory().cursors();
    this.journal = node.memory().journals().holds();
    this.holds = node.holds();
    this.isAtWork = isAtWork;
    this.clock = clock;
  }

  /** Those of the volumes that are known to be here, by volume. The pool is asked for nothing. */
  Map<VolumeId, List<Entry>> find() throws FailureException {
    Map<VolumeId, List<Entry>> leftovers =
        journal.list().stream()
            .filter(entry -> !isNeeded(entry))
            .collect(groupingBy(Entry::volume, HashMap::new, toList()));
    Map<VolumeId, List<Entry>> away = new HashMap<>(leftovers);
    Set<VolumeId> here = catalog.known().stream().map(VolumeHead::id).collect(toUnmodifiableSet());
    away.keySet().removeAll(here);
    leftovers.keySet().retainAll(here);
    strikeOld(away);
    return leftovers;
  }

  /** Strikes what is written of volumes that are nowhere, and were nowhere for long. */
  private void strikeOld(Map<VolumeId, List<Entry>> away) throws FailureException {
    strays().forEach(away::remove);
    awaySince.keySet().retainAll(away.keySet());
    Instant now = clock.instant();
    for (Map.Entry<VolumeId, List<Entry>> volume : away.entrySet()) {
      Instant since = awaySince.computeIfAbsent(volume.getKey(), _ -> now);
      if (!now.isBefore(since.plus(MOST_AWAY))) {
        for (Entry entry : volume.getValue()) {
          journal.remove(entry);
        }
      }
    }
  }

  /** Releases those of a volume, which the caller has alone. */
  void release(VolumeId id, List<Entry> leftovers) throws FailureException {
    List<Volume> copies = catalog.copies(id);
    boolean isWhole = !copies.isEmpty() && !strays().contains(id);
    for (Entry entry : leftovers) {
      boolean isHere = isWhole || copies.stream().anyMatch(copy -> has(copy, entry));
      if (isHere && !isNeeded(entry) && holds.release(copies, entry)) {
        dropCursor(entry);
        LeftoverSweep.tell("hold", copies.getFirst().dataset().name() + " " + entry.tag());
      }
    }
  }

  private static boolean has(Volume copy, Entry entry) {
    return copy.dataset().snapshot(entry.snapshot()).isPresent();
  }

  private Set<VolumeId> strays() throws FailureException {
    return catalog.strays().stream().map(StrayDataset::volume).collect(toUnmodifiableSet());
  }

  private boolean isNeeded(Entry entry) {
    return Hold.parse(entry.tag()).stream()
        .anyMatch(hold ->
            switch (hold) {
              case Hold.Operation(UUID operation) -> isAtWork.test(operation);
              case Hold.Peer(NodeId peer) ->
                  peers.find(peer).isPresent() && isBase(entry.volume(), peer, entry.snapshot());
            });
  }

  /** Forgets the cursor that a hold was for, where its peer was taken out. */
  private void dropCursor(Entry entry) throws FailureException {
    if (Hold.parse(entry.tag()).orElse(null) instanceof Hold.Peer(NodeId peer)
        && peers.find(peer).isEmpty()) {
      Map<NodeId, Guid> left = cursors.of(entry.volume());
      left.remove(peer);
      cursors.replace(entry.volume(), left);
    }
  }

  /** Whether the next increment to a peer starts from a snapshot. */
  boolean isBase(VolumeId volume, NodeId peer, Guid guid) {
    return guid.equals(cursors.of(volume).get(peer));
  }
}
