package io.flocker.core.peer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.state.StateFile;
import io.flocker.core.stream.ChainFlags;
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
 * with the volume when it changes owner, as does how the copy is made. Any thread may call.
 */
public final class PeerCursors {
  /** The file's name. */
  public static final String FILE = "cursors.json";

  /**
   * The file's content.
   *
   * @param cursors guids by peer by lineage
   * @param unsettled what was sent and not heard of, by peer by lineage, the oldest first
   * @param chains how the streams are made that each copy consists of, by peer by lineage
   */
  record Page(
      int version,
      Map<String, Map<String, Guid>> cursors,
      @JsonInclude(JsonInclude.Include.NON_ABSENT)
          Optional<Map<String, Map<String, List<Guid>>>> unsettled,
      @JsonInclude(JsonInclude.Include.NON_ABSENT)
          Optional<Map<String, Map<String, ChainFlags>>> chains)
      implements StateFile.Content {}

  /**
   * All that is known of the copies of a volume, by peer.
   *
   * @param last which snapshot each has
   * @param unsettled what each was sent and not heard of, the oldest first
   * @param chains how the streams are made that each consists of
   */
  public record Known(
      Map<NodeId, Guid> last, Map<NodeId, List<Guid>> unsettled, Map<NodeId, ChainFlags> chains) {
    private static final Known NOTHING = new Known(Map.of(), Map.of(), Map.of());
  }

  private final StateFile<Page> file;
  private Map<String, Map<String, Guid>> cursors;
  private Map<String, Map<String, List<Guid>>> unsettled;
  private Map<String, Map<String, ChainFlags>> chains;

  /** Of the cursors; replaced, never changed: every listing reads it for every volume. */
  private volatile Map<VolumeId, List<NodeId>> peers;

  private PeerCursors(StateFile<Page> file, Page page) {
    this.file = file;
    this.cursors = new TreeMap<>(page.cursors());
    this.peers = peers(cursors);
    this.unsettled = new TreeMap<>(page.unsettled().orElse(Map.of()));
    this.chains = new TreeMap<>(page.chains().orElse(Map.of()));
  }

  /**
   * Opens the cursors of a node; a missing file knows of no peer's copy.
   *
   * @param folder the node's state folder, which exists
   * @throws IOException naming the file and what is wrong with it
   */
  public static PeerCursors open(Path folder) throws IOException {
    StateFile<Page> file = new StateFile<>(folder.resolve(FILE), Page.class);
    Page empty = new Page(StateFile.VERSION, Map.of(), Optional.empty(), Optional.empty());
    try {
      return new PeerCursors(file, file.read().orElse(empty));
    } catch (IllegalArgumentException e) {
      throw new IOException(folder.resolve(FILE) + " is damaged: " + e.getMessage(), e);
    }
  }

  /** What each peer has last of a volume. */
  public synchronized Map<NodeId, Guid> of(VolumeId volume) {
    return byPeer(cursors, volume);
  }

  /** Which peers have copies of a volume, in the order of their uuids' text. Waits for nobody. */
  public List<NodeId> peers(VolumeId volume) {
    return peers.getOrDefault(volume, List.of());
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
    return byPeer(unsettled, volume);
  }

  /** How the streams are made that the copies of a volume consist of, where that is known. */
  public synchronized Map<NodeId, ChainFlags> chains(VolumeId volume) {
    return byPeer(chains, volume);
  }

  /** All further streams to a peer are made so. On disk when this returns. */
  public synchronized void chain(VolumeId volume, NodeId peer, ChainFlags flags)
      throws FailureException {
    Map<NodeId, ChainFlags> known = chains(volume);
    known.put(peer, flags);
    write(cursors, unsettled, replaced(chains, volume, known));
  }

  /** All that is known of a volume, so that {@link #put} can bring it back. */
  public synchronized Known known(VolumeId volume) {
    return new Known(of(volume), unsettled(volume), chains(volume));
  }

  /** Replaces all that is known of a volume. On disk when this returns. */
  public synchronized void put(VolumeId volume, Known known) throws FailureException {
    write(
        replaced(cursors, volume, known.last()),
        replaced(unsettled, volume, known.unsettled()),
        replaced(chains, volume, known.chains()));
  }

  /** Nothing is sent from here any more. On disk when this returns. */
  public synchronized void forget(VolumeId volume) throws FailureException {
    put(volume, Known.NOTHING);
  }

  /**
   * A peer that has just told what it has is about to be sent snapshots. On disk when this returns.
   *
   * @param guids the oldest first
   */
  public synchronized void sending(VolumeId volume, NodeId peer, List<Guid> guids)
      throws FailureException {
    write(cursors, with(unsettled, volume.toString(), peer, guids), chains);
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

  /**
   * Forgets all cursors of a peer. On disk when this returns. How its copies are made it cannot be
   * asked for, should it come back: that is kept for as long as the volume is.
   */
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
    write(left, others, chains);
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
    write(
        replaced(cursors, volume, moved), with(unsettled, volume.toString(), peer, still), chains);
    return Optional.ofNullable(before);
  }

  /** Replaces the cursors of a volume, and nothing else. On disk when this returns. */
  public synchronized void replace(VolumeId volume, Map<NodeId, Guid> known)
      throws FailureException {
    write(replaced(cursors, volume, known), unsettled, chains);
  }

  private static Map<VolumeId, List<NodeId>> peers(Map<String, Map<String, Guid>> cursors) {
    Map<VolumeId, List<NodeId>> all = new HashMap<>();
    cursors.forEach((volume, peers) ->
        all.put(
            VolumeId.parse(volume), peers.keySet().stream().sorted().map(NodeId::parse).toList()));
    return all;
  }

  private static <T> Map<NodeId, T> byPeer(Map<String, Map<String, T>> all, VolumeId volume) {
    Map<NodeId, T> known = new HashMap<>();
    all.getOrDefault(volume.toString(), Map.of())
        .forEach((peer, what) -> known.put(NodeId.parse(peer), what));
    return known;
  }

  private static <T> Map<String, Map<String, T>> replaced(
      Map<String, Map<String, T>> all, VolumeId volume, Map<NodeId, T> known) {
    Map<String, Map<String, T>> changed = new TreeMap<>(all);
    if (known.isEmpty()) {
      changed.remove(volume.toString());
    } else {
      Map<String, T> peers = new TreeMap<>();
      known.forEach((peer, what) -> peers.put(peer.toString(), what));
      changed.put(volume.toString(), peers);
    }
    return changed;
  }

  private void write(
      Map<String, Map<String, Guid>> changed,
      Map<String, Map<String, List<Guid>>> left,
      Map<String, Map<String, ChainFlags>> made)
      throws FailureException {
    if (changed.equals(cursors) && left.equals(unsettled) && made.equals(chains)) {
      return;
    }
    file.write(
        new Page(
            StateFile.VERSION,
            changed,
            Optional.of(left).filter(some -> !some.isEmpty()),
            Optional.of(made).filter(some -> !some.isEmpty())));
    cursors = changed;
    peers = peers(changed);
    unsettled = left;
    chains = made;
  }
}
