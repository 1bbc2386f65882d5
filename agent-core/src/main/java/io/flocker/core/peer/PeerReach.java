package io.flocker.core.peer;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.id.NodeId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells when a peer can be reached that could not, and the other way round. Any thread. */
public final class PeerReach {
  private final EventSink events;
  private final Map<NodeId, Reach> reached = new ConcurrentHashMap<>();
  private final List<Consumer<NodeId>> listeners = new CopyOnWriteArrayList<>();

  /** One that knows of no peer yet. */
  public PeerReach(EventSink events) {
    this.events = events;
  }

  /** Has somebody told, each time, which peer has answered; it must not block. */
  public void onAnswer(Consumer<NodeId> listener) {
    boolean _ = listeners.add(listener);
  }

  /** A peer has answered something. */
  public void answered(NodeId peer) {
    note(peer, true);
    listeners.forEach(listener -> listener.accept(peer));
  }

  /** A peer was at none of its addresses. */
  public void missed(NodeId peer) {
    note(peer, false);
  }

  /** How it is with a peer; empty while it was asked nothing since the daemon's start. */
  public Optional<Reach> of(NodeId peer) {
    return Optional.ofNullable(reached.get(peer));
  }

  private synchronized boolean isNew(NodeId peer, boolean isReached) {
    Reach before = reached.get(peer);
    boolean isNew = before == null || before.isAnswering() != isReached;
    if (isNew) {
      Reach _ =
          reached.put(peer, new Reach(isReached, Instant.now().truncatedTo(ChronoUnit.MILLIS)));
    }
    return isNew;
  }

  private void note(NodeId peer, boolean isReached) {
    if (isNew(peer, isReached)) {
      EventType type = isReached ? EventType.PEER_REACHABLE : EventType.PEER_UNREACHABLE;
      events.tell(Event.of(type, Map.of("node", peer)));
    }
  }
}
