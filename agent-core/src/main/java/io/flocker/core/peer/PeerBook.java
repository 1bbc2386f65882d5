package io.flocker.core.peer;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.state.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The peers of this node, in {@value #FILE} of its state folder. Any thread may call. */
public final class PeerBook {
  /** The file's name. */
  public static final String FILE = "peers.json";

  /** A cluster of this size is beyond what one file and one map are made for. */
  private static final int MAX_PEERS = 1_000;

  /** The file's content. */
  record Page(int version, List<Peer> peers) implements StateFile.Content {}

  private final StateFile<Page> file;
  private final NodeId self;
  private final EventSink events;

  /** Replaced, never changed: an event loop asks for every request who is a peer. */
  private volatile Map<NodeId, Peer> peers;

  private PeerBook(StateFile<Page> file, NodeId self, List<Peer> peers, EventSink events) {
    this.file = file;
    this.self = self;
    this.events = events;
    Map<NodeId, Peer> known = new LinkedHashMap<>();
    peers.forEach(peer -> known.put(peer.node(), peer));
    this.peers = known;
  }

  /**
   * Opens the book of the node {@code self}; a missing file is an empty book.
   *
   * @param folder the node's state folder, which exists
   * @param events is told what changes
   * @throws IOException naming the file and what is wrong with it
   */
  public static PeerBook open(Path folder, NodeId self, EventSink events) throws IOException {
    StateFile<Page> file = new StateFile<>(folder.resolve(FILE), Page.class);
    return new PeerBook(file, self, file.read().map(Page::peers).orElse(List.of()), events);
  }

  /** All peers, in the order in which they came. */
  public synchronized List<Peer> list() {
    return List.copyOf(peers.values());
  }

  /** The peer of that id. */
  public synchronized Optional<Peer> find(NodeId node) {
    return Optional.ofNullable(peers.get(node));
  }

  /** Whether there is a peer of that id; waits for no disk. */
  public boolean isKnown(NodeId node) {
    return peers.containsKey(node);
  }

  /**
   * The peer of that id.
   *
   * @throws FailureException {@code PEER_UNKNOWN}
   */
  public Peer require(NodeId node) throws FailureException {
    return find(node)
        .orElseThrow(() -> OwnershipFailure.PEER_UNKNOWN.because("no peer " + node + " is known"));
  }

  /**
   * The node that people mean; asks nothing of a whole uuid.
   *
   * @throws FailureException {@code PEER_UNKNOWN} or {@code AMBIGUOUS_REFERENCE}, saying whom there
   *     is
   */
  public NodeId resolve(PeerReference reference) throws FailureException {
    return reference.among(list(), Optional.of(self));
  }

  /**
   * The peer of that id, to which something is to be sent.
   *
   * @throws FailureException {@code PEER_UNKNOWN}, or {@code MALFORMED_REQUEST} for this node
   *     itself
   */
  public Peer requireOther(NodeId node) throws FailureException {
    if (node.equals(self)) {
      throw RequestFailure.MALFORMED_REQUEST.because(
          "node " + self + " is the one that is asked: name the peer that is to have the volume");
    }
    return require(node);
  }

  /**
   * Adds or changes a peer; on disk when this returns.
   *
   * @param said without a name for one that keeps the name that it has
   * @return whether the peer was unknown before
   * @throws FailureException {@code MALFORMED_REQUEST} for this node itself, another peer's name or
   *     one peer too many
   */
  public synchronized boolean put(Peer said) throws FailureException {
    if (said.node().equals(self)) {
      throw RequestFailure.MALFORMED_REQUEST.because("node " + self + " is no peer of itself");
    }
    Peer peer = named(said);
    Map<NodeId, Peer> changed = new LinkedHashMap<>(peers);
    boolean isNew = changed.put(peer.node(), peer) == null;
    if (changed.size() > MAX_PEERS) {
      throw RequestFailure.MALFORMED_REQUEST.because("a node has at most " + MAX_PEERS + " peers");
    }
    replace(changed);
    tell(peer);
    return isNew;
  }

  /**
   * Forgets a peer; gone from disk when this returns.
   *
   * @throws FailureException {@code PEER_UNKNOWN}
   */
  public synchronized void remove(NodeId node) throws FailureException {
    Peer peer = require(node);
    Map<NodeId, Peer> changed = new LinkedHashMap<>(peers);
    changed.remove(peer.node());
    replace(changed);
    Action.message(MessageType.PEER_CHANGED, Map.of("peer", node.toString(), "removed", true));
    events.tell(Event.of(EventType.PEER_REMOVED, Map.of("node", node)));
  }

  private Peer named(Peer said) throws FailureException {
    Optional<PeerName> name =
        said.name().or(() -> Optional.ofNullable(peers.get(said.node())).flatMap(Peer::name));
    for (Peer other : peers.values()) {
      if (name.isPresent() && other.name().equals(name) && !other.node().equals(said.node())) {
        throw RequestFailure.MALFORMED_REQUEST.because(
            "%s is the name of peer %s already: choose another one, or give that peer another one"
                .formatted(name.get(), other.node()));
      }
    }
    return new Peer(said.node(), name, said.addresses(), said.takeover());
  }

  private void tell(Peer peer) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("peer", peer.node().toString());
    peer.name().ifPresent(name -> message.put("name", name.text()));
    message.put("addresses", peer.addresses().stream().map(Address::toString).toList());
    message.put("takeover", peer.takeover().toString());
    Action.message(MessageType.PEER_CHANGED, message);
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("node", peer.node());
    peer.name().ifPresent(name -> event.put("name", name));
    event.put("addresses", peer.addresses());
    event.put("takeover", peer.takeover());
    events.tell(Event.of(EventType.PEER_CHANGED, event));
  }

  private void replace(Map<NodeId, Peer> changed) throws FailureException {
    file.write(new Page(StateFile.VERSION, List.copyOf(changed.values())));
    peers = changed;
  }
}
