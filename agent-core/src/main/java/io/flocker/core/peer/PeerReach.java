package io.flocker.core.peer;

import static io.flocker.core.failure.TransferFailure.CANCELLED;
import static io.flocker.core.failure.TransferFailure.CERTIFICATE_NOT_IN_FORCE;
import static io.flocker.core.failure.TransferFailure.CERTIFICATE_REFUSED;
import static io.flocker.core.failure.TransferFailure.PEER_IDENTITY;
import static io.flocker.core.failure.TransferFailure.PEER_SILENT;
import static io.flocker.core.failure.TransferFailure.PEER_UNREACHABLE;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells when a peer answers that did not, and the other way round: by what comes of questions that
 * are asked anyway. Nobody asks in order to know. Any thread.
 */
public final class PeerReach {
  /** What becomes of a question to which the peer itself has said nothing. */
  private static final Set<Failure> MISSES =
      Set.of(
          PEER_UNREACHABLE,
          PEER_IDENTITY,
          CERTIFICATE_NOT_IN_FORCE,
          CERTIFICATE_REFUSED,
          PEER_SILENT);

  private final PeerBook book;
  private final EventSink events;
  private final List<Consumer<NodeId>> listeners = new CopyOnWriteArrayList<>();

  /** Guarded by this. */
  private final Map<NodeId, Heard> heard = new HashMap<>();

  /** What is known of a peer at these addresses; {@code nanos} is when it was asked last. */
  private record Heard(Reach reach, List<Address> addresses, long nanos) {}

  /** One that knows nothing yet of the peers in {@code book}. */
  public PeerReach(PeerBook book, EventSink events) {
    this.book = book;
    this.events = events;
  }

  /** Has somebody told, each time, which peer has done what it was asked; it must not block. */
  public void onAnswer(Consumer<NodeId> listener) {
    boolean _ = listeners.add(listener);
  }

  /** A peer has done what it was asked. */
  public void answered(Peer peer) {
    note(peer, true);
    listeners.forEach(listener -> listener.accept(peer.node()));
  }

  /**
   * A question to a peer has failed at all of its addresses.
   *
   * @param why as it was told by the peer, or found out here
   * @param silence how long the peer was waited for without a word
   */
  public void failed(Peer peer, FailureException why, Duration silence) {
    isAnswer(why)
        .ifPresent(isAnswering -> {
          if (isAnswering || why.failure() != PEER_SILENT || !hasAnsweredWithin(silence, peer)) {
            note(peer, isAnswering);
          }
        });
  }

  /** Whether a failure tells that a peer answers; empty where it says nothing of the peer. */
  static Optional<Boolean> isAnswer(FailureException why) {
    if (why.isTold()) {
      return Optional.of(true); // Whatever it is: the peer has said so.
    }
    return why.failure() == CANCELLED
        ? Optional.empty()
        : Optional.of(!MISSES.contains(why.failure()));
  }

  /** How it is with a peer; empty while it was asked nothing at its addresses, in this run. */
  public synchronized Optional<Reach> of(Peer peer) {
    return Optional.ofNullable(heard.get(peer.node()))
        .filter(known -> known.addresses().equals(peer.addresses()))
        .map(Heard::reach);
  }

  /** A peer was taken out of the book. */
  public synchronized void forget(NodeId peer) {
    var _ = heard.remove(peer);
  }

  /** Whether others were answered while one waited: what it waited for was lost, not the peer. */
  private synchronized boolean hasAnsweredWithin(Duration silence, Peer peer) {
    Heard known = heard.get(peer.node());
    return known != null
        && known.reach().isAnswering()
        && System.nanoTime() - known.nanos() < silence.toNanos();
  }

  /** One after the other, so that what is told last is how it is. */
  private synchronized void note(Peer peer, boolean isAnswering) {
    boolean isThere =
        book.find(peer.node()).map(Peer::addresses).equals(Optional.of(peer.addresses()));
    if (!isThere) {
      return; // It was taken out or moved while it was asked.
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Optional<Reach> before = of(peer).filter(reach -> reach.isAnswering() == isAnswering);
    Reach reach = new Reach(isAnswering, before.map(Reach::since).orElse(now), now);
    var _ = heard.put(peer.node(), new Heard(reach, peer.addresses(), System.nanoTime()));
    if (before.isEmpty()) {
      EventType type = isAnswering ? EventType.PEER_REACHABLE : EventType.PEER_UNREACHABLE;
      events.tell(Event.of(type, Map.of("node", peer.node())));
    }
  }
}
