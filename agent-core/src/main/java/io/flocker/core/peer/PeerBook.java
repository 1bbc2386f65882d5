package io.flocker.core.peer;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The peers of this node, in {@value #FILE} of its state folder. Any thread may call. */
public final class PeerBook {
  /** The file's name. */
  public static final String FILE = "peers.json";

  /** A cluster of this size is beyond what one file and one map are made for. */
  private static final int MAX_PEERS = 1_000;

  /** In a sentence that people read. */
  private static final int MOST_NAMED = 10;

  /**
   * The file's content.
   *
   * @param forgotten there and true where nobody has said who the peers are, and some may have been
   */
  record Page(
      int version,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> forgotten,
      List<Peer> peers)
      implements StateFile.Content {
    Page(List<Peer> peers) {
      this(StateFile.VERSION, Optional.empty(), peers);
    }

    boolean isForgotten() {
      return forgotten.orElse(false) && peers.isEmpty();
    }
  }

  private final Path path;
  private final StateFile<Page> file;
  private final NodeId self;
  private final EventSink events;

  /** Replaced, never changed: an event loop asks for every request who is a peer. */
  private volatile Map<NodeId, Peer> peers;

  /**
   * Whether this run of the daemon does not know who its peers are. However many it is told of,
   * they need not be all: that they are is said by its next start, which finds them in the file.
   */
  private volatile boolean isForgotten;

  /** Whom this node has dealt with, by what it finds; looked at only where it has forgotten. */
  private volatile List<NodeId> named = List.of();

  private PeerBook(Path path, NodeId self, EventSink events) throws IOException {
    this.path = path;
    this.file = new StateFile<>(path, Page.class);
    this.self = self;
    this.events = events;
    Page page = file.read().orElseGet(() -> new Page(List.of()));
    Map<NodeId, Peer> known = new LinkedHashMap<>();
    page.peers().forEach(peer -> known.put(peer.node(), peer));
    this.peers = known;
    this.isForgotten = page.isForgotten();
  }

  /**
   * Has a folder without a book say that this node has forgotten its peers, until somebody says who
   * they are. Of one that remembers nothing else yet, before anything is written there: whoever
   * finds it later cannot tell that it was lost.
   *
   * @param folder the node's state folder, which exists
   */
  public static void forget(Path folder) throws FailureException {
    Path path = folder.resolve(FILE);
    if (Files.notExists(path)) {
      new StateFile<>(path, Page.class)
          .write(new Page(StateFile.VERSION, Optional.of(true), List.of()));
    }
  }

  /**
   * Opens the book of the node {@code self}; a missing file is an empty book.
   *
   * @param folder the node's state folder, which exists
   * @param events is told what changes
   * @throws IOException naming the file and what is wrong with it
   */
  public static PeerBook open(Path folder, NodeId self, EventSink events) throws IOException {
    return new PeerBook(folder.resolve(FILE), self, events);
  }

  /**
   * That this node has forgotten its peers, for people, with what they have to do; empty where it
   * knows them, or that there are none.
   */
  public Optional<String> forgotten() {
    return isForgotten
        ? Optional.of(
            """
            node %s does not know any more who its peers are, since its state folder was lost: one \
            of them may own by now what the pool says is this node's. %sPut %s back, or say who all \
            of them are (flocker peer add NAME HOST:PORT --takeover manual), or, if there are \
            none, write {"version": 1, "peers": []} into that file; then restart flockerd\
            """
                .formatted(self, missing(), path))
        : Optional.empty();
  }

  /**
   * Of those that are found named somewhere; a sentence with a space after it, if there are any.
   */
  private String missing() {
    String missing =
        named.stream()
            .filter(node -> !isKnown(node))
            .map(node -> "node " + node)
            .collect(Collectors.joining(", "));
    return missing.isEmpty()
        ? ""
        : "It has dealt with " + missing + ", as is found, and maybe with others. ";
  }

  /**
   * Says which nodes this one has dealt with, by what it finds: {@link #forgotten} tells those that
   * are no peers.
   */
  public void name(Collection<NodeId> nodes) {
    named =
        nodes.stream()
            .filter(node -> !node.equals(self))
            .distinct()
            .sorted(Comparator.comparing(NodeId::toString))
            .limit(MOST_NAMED)
            .toList();
  }

  /** Nobody needs to know who the peers were: there is nothing that one of them could own. */
  public synchronized void begin() throws FailureException {
    if (isForgotten) {
      file.write(new Page(List.copyOf(peers.values())));
      isForgotten = false;
    }
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
   * Takes a peer out; gone from disk when this returns. Once the last one is gone of those that
   * were told of in a run that does not know them, nobody has said who they are.
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
    boolean knowsNobody = isForgotten && changed.isEmpty();
    file.write(
        new Page(
            StateFile.VERSION,
            knowsNobody ? Optional.of(true) : Optional.empty(),
            List.copyOf(changed.values())));
    peers = changed;
  }
}
