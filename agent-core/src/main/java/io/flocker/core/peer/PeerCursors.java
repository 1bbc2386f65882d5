package io.flocker.core.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.state.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
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

  /** The file's content: guids by peer by lineage. */
  record Page(int version, Map<String, Map<String, Guid>> cursors) implements StateFile.Content {}

  private final StateFile<Page> file;
  private Map<String, Map<String, Guid>> cursors;

  private PeerCursors(StateFile<Page> file, Map<String, Map<String, Guid>> cursors) {
    this.file = file;
    this.cursors = new TreeMap<>(cursors);
  }

  /**
   * Opens the cursors of a node; a missing file knows of no peer's copy.
   *
   * @param folder the node's state folder, which exists
   * @throws IOException naming the file and what is wrong with it
   */
  public static PeerCursors open(Path folder) throws IOException {
    StateFile<Page> file = new StateFile<>(folder.resolve(FILE), Page.class);
    return new PeerCursors(file, file.read().map(Page::cursors).orElse(Map.of()));
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
    write(left);
  }

  /** Moves a peer's cursor; on disk when this returns. Tells where it was. */
  public synchronized Optional<Guid> move(VolumeId volume, NodeId peer, Guid guid)
      throws FailureException {
    Map<NodeId, Guid> moved = of(volume);
    Guid before = moved.put(peer, guid);
    replace(volume, moved);
    return Optional.ofNullable(before);
  }

  /** Replaces all cursors of a volume; none forgets the volume. On disk when this returns. */
  public synchronized void replace(VolumeId volume, Map<NodeId, Guid> known)
      throws FailureException {
    Map<String, Map<String, Guid>> changed = new TreeMap<>(cursors);
    if (known.isEmpty()) {
      changed.remove(volume.toString());
    } else {
      Map<String, Guid> peers = new TreeMap<>();
      known.forEach((peer, guid) -> peers.put(peer.toString(), guid));
      changed.put(volume.toString(), peers);
    }
    write(changed);
  }

  private void write(Map<String, Map<String, Guid>> changed) throws FailureException {
    if (changed.equals(cursors)) {
      return;
    }
    file.write(new Page(StateFile.VERSION, changed));
    cursors = changed;
  }
}
