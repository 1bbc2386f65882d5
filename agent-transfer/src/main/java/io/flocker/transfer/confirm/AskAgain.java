package io.flocker.transfer.confirm;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.retry.Backoff;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.ownership.Tenure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Asks peers again, for as long as it takes, about what they have not confirmed: one thread for all
 * volumes, which is there only while somebody is to be asked. Any thread may call.
 */
final class AskAgain implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final PeerBook peers;
  private final Confirmations confirmations;
  private final PeerQuestion question;
  private final PatientQuestion patient;

  /** What is to be asked again, by peer; guarded by this. */
  private final Map<NodeId, Set<VolumeId>> open = new LinkedHashMap<>();

  private boolean isAsking;
  private boolean isWoken;
  private boolean isClosed;

  /**
   * Asks {@code peers}.
   *
   * @param patient what is told who is silent
   */
  AskAgain(
      PeerBook peers, Confirmations confirmations, PeerQuestion question, PatientQuestion patient) {
    this.peers = peers;
    this.confirmations = confirmations;
    this.question = question;
    this.patient = patient;
  }

  /** A peer is to be asked at once. */
  void now(NodeId peer, VolumeId volume) {
    ask(peer, volume);
    wake();
  }

  /** A peer is to be asked after a while. */
  synchronized void ask(NodeId peer, VolumeId volume) {
    boolean _ = open.computeIfAbsent(peer, _ -> new LinkedHashSet<>()).add(volume);
    if (!isAsking && !isClosed) {
      isAsking = true;
      var _ = Thread.ofVirtual().name("confirmations").start(this::run);
    }
  }

  /** Whoever is to be asked is asked now. */
  synchronized void wake() {
    isWoken = true;
    notifyAll();
  }

  /** A peer is asked no more. */
  synchronized void takenOut(NodeId peer) {
    var _ = open.remove(peer);
  }

  /** Tells what a peer has said instead of confirming a record; it is asked again if it can be. */
  void note(Peer peer, VolumeId id, Tenure tenure, Outcome outcome) {
    if (outcome instanceof Outcome.Confirmed || outcome instanceof Outcome.Refused) {
      return;
    }
    boolean isNew = confirmations.await(id, tenure.operation(), peer.node(), outcome.reason());
    if (isNew) {
      Action.message(
          MessageType.VOLUME_UNCONFIRMED,
          Map.of(
              "volume", id.toString(),
              "peer", peer.node().toString(),
              "reason", outcome.reason()));
    }
    if (!(outcome instanceof Outcome.Unasked)) {
      ask(peer.node(), id);
    }
  }

  /** Asks in rounds, until nobody is to be asked any more. */
  private void run() {
    Backoff backoff = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE, this::awaitTurn);
    try {
      while (backoff.pause() && isLeft()) {
        if (round()) {
          backoff.reset();
        }
      }
    } catch (InterruptedException _) {
      // Nobody interrupts it.
    }
  }

  private synchronized void awaitTurn(Duration pause) throws InterruptedException {
    long deadline = System.nanoTime() + pause.toNanos();
    while (!isClosed && !open.isEmpty() && !isWoken) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    isWoken = false;
  }

  private synchronized boolean isLeft() {
    isAsking = !isClosed && !open.isEmpty();
    return isAsking;
  }

  /** Asks each peer of all that it is to be asked about; tells whether any has confirmed. */
  private boolean round() throws InterruptedException {
    List<CompletableFuture<Boolean>> asked = new ArrayList<>();
    for (NodeId peer : toBeAsked()) {
      asked.add(InBackground.ask(() -> askAll(peer)));
    }
    boolean hasProgressed = false;
    for (CompletableFuture<Boolean> one : asked) {
      try {
        hasProgressed |= one.get();
      } catch (ExecutionException e) {
        Action.traceback(e);
      }
    }
    return hasProgressed;
  }

  private synchronized List<NodeId> toBeAsked() {
    return List.copyOf(open.keySet());
  }

  private synchronized List<VolumeId> toBeAsked(NodeId peer) {
    return List.copyOf(open.getOrDefault(peer, Set.of()));
  }

  private boolean askAll(NodeId node) throws FailureException {
    boolean hasProgressed = false;
    for (VolumeId id : toBeAsked(node)) {
      Optional<Peer> peer = peers.find(node);
      Optional<Tenure> owned = question.owned(id);
      if (peer.isEmpty() || owned.isEmpty()) {
        settle(node, id);
        if (peer.isPresent()) {
          learn(node, id);
        }
        continue;
      }
      Outcome outcome = question.ask(peer.get(), id, owned.get(), question.about(id, owned.get()));
      if (outcome instanceof Outcome.Unanswered) {
        // One that does not answer this does not answer the others.
        patient.noteSilence(node);
        waitFor(peer.get(), outcome);
        return hasProgressed;
      }
      boolean _ = patient.answered(node);
      hasProgressed |= settleBy(node, id, owned.get(), outcome);
    }
    return hasProgressed;
  }

  /** Settles what an answer settles; tells whether the peer is asked about it no more. */
  private boolean settleBy(NodeId node, VolumeId id, Tenure owned, Outcome outcome)
      throws FailureException {
    boolean isOpen =
        outcome instanceof Outcome.Doubted
            || (outcome instanceof Outcome.Refused && question.owned(id).isPresent());
    if (isOpen || outcome instanceof Outcome.Unasked) {
      boolean _ = confirmations.await(id, owned.operation(), node, outcome.reason());
    }
    if (!isOpen) {
      settle(node, id);
    }
    return !isOpen;
  }

  /** Once only: should it not help, the peer's next contradiction has this asked again. */
  private void learn(NodeId peer, VolumeId id) {
    try {
      question.learn(peer, id);
    } catch (FailureException e) {
      Action.traceback(e);
    }
  }

  private void waitFor(Peer peer, Outcome outcome) throws FailureException {
    for (VolumeId id : toBeAsked(peer.node())) {
      Optional<Tenure> owned = question.owned(id);
      if (owned.isPresent()) {
        note(peer, id, owned.get(), outcome);
      }
    }
  }

  private synchronized void settle(NodeId peer, VolumeId id) {
    var _ =
        open.computeIfPresent(
            peer,
            (_, volumes) -> {
              boolean _ = volumes.remove(id);
              return volumes.isEmpty() ? null : volumes;
            });
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    notifyAll();
  }
}
