package io.flocker.core.peer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.state.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which snapshot of a volume each peer has last, as far as its owner knows, in {@value #FILE} of
 * the state folder: the base of the peer's next increment, which no pruning may take away. Travels
 * with the volume when it changes owner. Any thread may call.
 */
public final class PeerCursors {
  /** The file's name. */
  public static final String FILE = "cursors.json";

  /**
   * The file's content.
   *
   * @param cursors guids by peer by lineage
   * @param unsettled what was sent and not heard of, by peer by lineage, the oldest first
   */
  record Page(
      int version,
      Map<String, Map<String, Guid>> cursors,
      @JsonInclude(JsonInclude.Include.NON_ABSENT)
          Optional<Map<String, Map<String, List<Guid>>>> unsettled)
      implements StateFile.Content {}

  private final StateFile<Page> file;
  private Map<String, Map<String, Guid>> cursors;
  private Map<String, Map<String, List<Guid>>> unsettled;

  private PeerCursors(StateFile<Page> file, Page page) {
    this.file = file;
    this.cursors = new TreeMap<>(page.cursors());
    this.unsettled = new TreeMap<>(page.unsettled().orElse(Map.of()));
  }

  /**
   * Opens the cursors of a node; a missing file knows of no peer's copy.
   *
   * @param folder the node's state folder, which exists
   * @throws IOException naming the file and what is wrong with it
   */
  public static PeerCursors open(Path folder) throws IOException {
    StateFile<Page> file = new StateFile<>(folder.resolve(FILE), Page.class);
    Page empty = new Page(StateFile.VERSION, Map.of(), Optional.empty());
    return new PeerCursors(file, file.read().orElse(empty));
  }

  /** What each peer has last of a volume. */
  public synchronized Map<NodeId, Guid> of(VolumeId volume) {
    Map<NodeId, Guid> known = new HashMap<>();
    cursors
        .getOrDefault(volume.toString(), Map.of())
        .forEach((peer, guid) -> known.put(NodeId.parse(peer), guid));
    return known;
  }

  /** What a peer has last of each volume. */
  public synchronized Map<VolumeId, Guid> at(NodeId peer) {
    Map<VolumeId, Guid> known = new HashMap<>();
    cursors.forEach((volume, peers) -> {
      Guid guid = peers.get(peer.toString());
      if (guid != null) {
        known.put(VolumeId.parse(volume), guid);
      }
    });
    return known;
  }

  /**
   * What each peer may have got since it was last heard of: of a stream that broke off nobody knows
   * what has arrived. Its newest one is among those, or it is the cursor.
   */
  public synchronized Map<NodeId, List<Guid>> unsettled(VolumeId volume) {
    Map<NodeId, List<Guid>> known = new HashMap<>();
    unsettled
        .getOrDefault(volume.toString(), Map.of())
        .forEach((peer, guids) -> known.put(NodeId.parse(peer), guids));
    return known;
  }

  /**
   * A peer that has just told what it has is about to be sent snapshots. On disk when this returns.
   *
   * @param guids the oldest first
   */
  public synchronized void sending(VolumeId volume, NodeId peer, List<Guid> guids)
      throws FailureException {
    write(cursors, with(unsettled, volume.toString(), peer, guids));
  }

  private static Map<String, Map<String, List<Guid>>> with(
      Map<String, Map<String, List<Guid>>> all, String volume, NodeId peer, List<Guid> guids) {
    Map<String, Map<String, List<Guid>>> next = new TreeMap<>(all);
    Map<String, List<Guid>> peers = new TreeMap<>(next.getOrDefault(volume, Map.of()));
    if (guids.isEmpty()) {
      peers.remove(peer.toString());
    } else {
      peers.put(peer.toString(), List.copyOf(guids));
    }
    if (peers.isEmpty()) {
      next.remove(volume);
    } else {
      next.put(volume, peers);
    }
    return next;
  }

  /** Forgets all cursors of a peer. On disk when this returns. */
  public synchronized void forget(NodeId peer) throws FailureException {
    Map<String, Map<String, Guid>> left = new TreeMap<>();
    cursors.forEach((volume, peers) -> {
      Map<String, Guid> others = new TreeMap<>(peers);
      others.remove(peer.toString());
      if (!others.isEmpty()) {
        left.put(volume, others);
      }
    });
    Map<String, Map<String, List<Guid>>> others = unsettled;
    for (String volume : unsettled.keySet()) {
      others = with(others, volume, peer, List.of());
    }
    write(left, others);
  }

  /**
   * Moves a peer's cursor; on disk when this returns. Tells where it was. What was sent before that
   * one is settled; if it was not sent from here, all is.
   */
  public synchronized Optional<Guid> move(VolumeId volume, NodeId peer, Guid guid)
      throws FailureException {
    Map<NodeId, Guid> moved = of(volume);
    Guid before = moved.put(peer, guid);
    List<Guid> sent = unsettled(volume).getOrDefault(peer, List.of());
    int place = sent.indexOf(guid);
    List<Guid> still = place < 0 ? List.of() : sent.subList(place + 1, sent.size());
    write(replaced(volume, moved), with(unsettled, volume.toString(), peer, still));
    return Optional.ofNullable(before);
  }

  /** Replaces all cursors of a volume; none forgets the volume. On disk when this returns. */
  public synchronized void replace(VolumeId volume, Map<NodeId, Guid> known)
      throws FailureException {
    Map<String, Map<String, List<Guid>>> left = new TreeMap<>(unsettled);
    if (known.isEmpty()) {
      left.remove(volume.toString());
    }
    write(replaced(volume, known), left);
  }

  private Map<String, Map<String, Guid>> replaced(VolumeId volume, Map<NodeId, Guid> known) {
    Map<String, Map<String, Guid>> changed = new TreeMap<>(cursors);
    if (known.isEmpty()) {
      changed.remove(volume.toString());
    } else {
      Map<String, Guid> peers = new TreeMap<>();
      known.forEach((peer, guid) -> peers.put(peer.toString(), guid));
      changed.put(volume.toString(), peers);
    }
    return changed;
  }

  private void write(
      Map<String, Map<String, Guid>> changed, Map<String, Map<String, List<Guid>>> left)
      throws FailureException {
    if (changed.equals(cursors) && left.equals(unsettled)) {
      return;
    }
    file.write(
        new Page(StateFile.VERSION, changed, Optional.of(left).filter(some -> !some.isEmpty())));
    cursors = changed;
    unsettled = left;
  }
}
