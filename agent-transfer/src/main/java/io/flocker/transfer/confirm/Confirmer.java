package io.flocker.transfer.confirm;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.Takeover;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.Fencing;
import io.flocker.core.volume.NodeMemory;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.transfer.protocol.ConfirmAnswer;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks every peer whether what this node has on record of a volume is the last word, before it
 * mounts it writable: a disk may have gone back in time, and somebody may own the volume since. Who
 * may take over must have answered; any other is waited for a while, then asked again for as long
 * as it takes, by one thread for all volumes, which is there only while somebody is to be asked.
 * Any thread may call.
 */
public final class Confirmer implements VolumeMounter.Clearance, AutoCloseable {
  /** Of the peer that has just given the volume away: it is there, and may be busy. */
  private static final Duration WAIT_FOR_GIVER = Duration.ofSeconds(5);

  private static final Duration PAUSE_WITHIN_WAIT = Duration.ofMillis(500);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final PeerBook peers;
  private final PeerVolumes links;
  private final VolumeCatalog catalog;
  private final Confirmations confirmations;
  private final PeerQuestion question;
  private final Duration wait;

  /** Until when peers that do not answer are waited for: once for all volumes. */
  private final Map<NodeId, Long> silentUntilNanos = new ConcurrentHashMap<>();

  /** What is to be asked again, by peer; guarded by this. */
  private final Map<NodeId, Set<VolumeId>> open = new LinkedHashMap<>();

  private boolean isAsking;
  private boolean isWoken;
  private volatile boolean isClosed;

  /**
   * Asks the peers of a node.
   *
   * @param wait how long a peer that may never take over is waited for
   */
  public Confirmer(
      NodeId self,
      NodeMemory memory,
      PeerVolumes links,
      VolumeCatalog catalog,
      Fencing fencing,
      Confirmations confirmations,
      Duration wait) {
    this.peers = memory.peers();
    this.links = links;
    this.catalog = catalog;
    this.confirmations = confirmations;
    this.wait = wait;
    this.question =
        new PeerQuestion(
            self, links, catalog, fencing, confirmations, memory.grants(), memory.epochs());
  }

  @Override
  public Optional<String> objection(Volume volume) {
    List<Peer> asked = peers.list();
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<Tenure> owned = question.owned(volume.id());
      if (owned.isEmpty()) {
        return Optional.of("it is not this node's any more");
      }
      ConfirmRequest request = question.about(volume.id(), owned.get());
      Map<Peer, CompletableFuture<Outcome>> outcomes = new LinkedHashMap<>();
      for (Peer peer : asked) {
        outcomes.put(
            peer, inBackground(() -> askPatiently(peer, volume.id(), owned.get(), request)));
      }
      return objection(outcomes, volume.id(), owned.get());
    } catch (FailureException e) {
      return Optional.of(e.detail());
    }
  }

  private Optional<String> objection(
      Map<Peer, CompletableFuture<Outcome>> outcomes, VolumeId id, Tenure tenure) {
    try {
      Optional<String> objection = Optional.empty();
      for (Map.Entry<Peer, CompletableFuture<Outcome>> one : outcomes.entrySet()) {
        Outcome outcome = one.getValue().get();
        note(one.getKey(), id, tenure, outcome);
        boolean isWaitedFor = !isFenced(one.getKey(), id, tenure);
        if (objection.isEmpty() && isObjection(one.getKey(), outcome, isWaitedFor)) {
          objection = Optional.of(outcome.reason());
        }
      }
      return objection;
    } catch (ExecutionException e) {
      Action.traceback(e);
      return Optional.of("its peers could not be asked; this node's log says why");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("this node is being stopped");
    }
  }

  private boolean isFenced(Peer peer, VolumeId id, Tenure tenure) {
    return confirmations.isFenced(id, tenure.operation(), peer.node());
  }

  private static boolean isObjection(Peer peer, Outcome outcome, boolean isWaitedFor) {
    return switch (outcome) {
      case Outcome.Confirmed _, Outcome.Unasked _ -> false;
      case Outcome.Refused _ -> true;
      case Outcome.Doubted _ -> peer.takeover() == Takeover.MANUAL;
      case Outcome.Unanswered _ -> isWaitedFor && peer.takeover() == Takeover.MANUAL;
    };
  }

  /** Asks until there is an answer, or the peer was waited for long enough. */
  private Outcome askPatiently(Peer peer, VolumeId id, Tenure tenure, ConfirmRequest request)
      throws FailureException, InterruptedException {
    if (isFenced(peer, id, tenure)) {
      return askWithin(wait.toNanos(), peer, id, tenure, request); // Should it be there after all.
    }
    while (true) {
      Long until = silentUntilNanos.get(peer.node());
      boolean isGivenUp = until != null && until - System.nanoTime() <= 0;
      if (isGivenUp && peer.takeover() == Takeover.NEVER) {
        return new Outcome.Unanswered("node " + peer.node() + " does not answer");
      }
      long patience = until == null ? wait.toNanos() : Math.max(0, until - System.nanoTime());
      Outcome outcome = askWithin(isGivenUp ? wait.toNanos() : patience, peer, id, tenure, request);
      if (!(outcome instanceof Outcome.Unanswered)) {
        var _ = silentUntilNanos.remove(peer.node());
        return outcome;
      }
      Long before = silentUntilNanos.putIfAbsent(peer.node(), System.nanoTime() + patience);
      long left = (before == null ? System.nanoTime() + patience : before) - System.nanoTime();
      if (isGivenUp || left <= 0) {
        return outcome;
      }
      Thread.sleep(Duration.ofNanos(Math.min(left, PAUSE_WITHIN_WAIT.toNanos())));
    }
  }

  /** What is answered later counts all the same: the question goes on by itself. */
  private Outcome askWithin(
      long nanos, Peer peer, VolumeId id, Tenure tenure, ConfirmRequest request)
      throws FailureException, InterruptedException {
    CompletableFuture<Outcome> answer = inBackground(() -> question.ask(peer, id, tenure, request));
    try {
      return answer.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new Outcome.Unanswered("node " + peer.node() + " does not answer");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FailureException known) {
        throw known;
      }
      throw new IllegalStateException(e);
    }
  }

  private interface Question<T> {
    T ask() throws FailureException, InterruptedException;
  }

  private static <T> CompletableFuture<T> inBackground(Question<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .name("confirm")
            .start(() -> {
              try {
                boolean _ = answer.complete(question.ask());
              } catch (Exception | Error e) {
                boolean _ = answer.completeExceptionally(e);
              }
            });
    return answer;
  }

  private void note(Peer peer, VolumeId id, Tenure tenure, Outcome outcome) {
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
      askAgain(peer.node(), id, false);
    }
  }

  @Override
  public void requireUnknown(VolumeId volume) throws FailureException {
    Map<Peer, CompletableFuture<Optional<NodeId>>> answers = new LinkedHashMap<>();
    for (Peer peer : peers.list()) {
      answers.put(
          peer,
          inBackground(() -> {
            ConfirmAnswer answer = links.confirm(peer.node(), volume, ConfirmRequest.BLANK);
            boolean isKnown = answer.role().isPresent() || answer.highestEpoch() > 0;
            return isKnown ? Optional.of(peer.node()) : Optional.empty();
          }));
    }
    long deadline = System.nanoTime() + wait.toNanos();
    for (Map.Entry<Peer, CompletableFuture<Optional<NodeId>>> answer : answers.entrySet()) {
      Optional<NodeId> known = Optional.empty();
      try {
        long left = Math.max(0, deadline - System.nanoTime());
        known = answer.getValue().get(left, TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException e) {
        if (answer.getKey().takeover() == Takeover.MANUAL) {
          throw OwnershipFailure.PEERS_UNANSWERED
              .because(
                  ("node %s, which may take volumes over, does not say whether it knows volume %s;"
                          + " without an id of your own nobody needs to be asked")
                      .formatted(answer.getKey().node(), volume))
              .with("node", answer.getKey().node())
              .causedBy(e);
        }
        // Any other is asked for as long as it takes, once the volume is there.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw TransferFailure.CANCELLED.because("interrupted").causedBy(e);
      }
      if (known.isPresent()) {
        throw OwnershipFailure.VOLUME_EXISTS
            .because("node " + known.get() + " knows volume " + volume + " already")
            .with("volume", volume)
            .with("node", known.get());
      }
    }
  }

  @Override
  public void owned(VolumeId volume) {
    peers.list().forEach(peer -> askAgain(peer.node(), volume, true));
  }

  @Override
  public Optional<String> acquired(VolumeId volume, NodeId from) {
    try {
      Optional<Tenure> owned = question.owned(volume);
      if (owned.isEmpty()) {
        return Optional.of("it is not this node's any more");
      }
      ConfirmRequest request = question.about(volume, owned.get());
      long patience = Math.min(WAIT_FOR_GIVER.toNanos(), wait.toNanos());
      Map<Peer, CompletableFuture<Outcome>> outcomes = new LinkedHashMap<>();
      for (Peer peer : peers.list()) {
        if (peer.node().equals(from) || peer.takeover() == Takeover.MANUAL) {
          outcomes.put(
              peer, inBackground(() -> askWithin(patience, peer, volume, owned.get(), request)));
        } else {
          askAgain(peer.node(), volume, true);
        }
      }
      return objection(outcomes, volume, owned.get());
    } catch (FailureException e) {
      return Optional.of(e.detail());
    }
  }

  @Override
  public void doubted(VolumeId volume, NodeId by) {
    askAgain(by, volume, true);
  }

  /** A peer is there that was not: it may know of an owner whom nobody else knows. */
  public void peerAdded(NodeId peer) {
    try {
      for (VolumeHead head : catalog.known()) {
        if (head.role() == Role.OWNER) {
          askAgain(peer, head.id(), true);
        }
      }
    } catch (FailureException e) {
      Action.traceback(e); // The pool is away: whatever it holds is asked about when it is mounted.
    }
  }

  /** A peer is none any more, and is waited for no longer. */
  public synchronized void takenOut(NodeId peer) {
    var _ = open.remove(peer);
    confirmations.takenOut(peer);
  }

  /** A peer has answered something: if it is waited for, it is asked now. */
  public void answered(NodeId peer) {
    if (silentUntilNanos.remove(peer) != null) {
      wake();
    }
  }

  private synchronized void wake() {
    isWoken = true;
    notifyAll();
  }

  private synchronized void askAgain(NodeId peer, VolumeId volume, boolean isUrgent) {
    boolean _ = open.computeIfAbsent(peer, _ -> new LinkedHashSet<>()).add(volume);
    if (isUrgent) {
      wake();
    }
    if (!isAsking && !isClosed) {
      isAsking = true;
      var _ = Thread.ofVirtual().name("confirmations").start(this::run);
    }
  }

  /** Until nobody is to be asked any more. */
  private void run() {
    Duration pause = FIRST_PAUSE;
    try {
      while (awaitTurn(pause)) {
        boolean hasProgressed = round();
        Duration doubled = pause.multipliedBy(2);
        pause =
            hasProgressed
                ? FIRST_PAUSE
                : doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      }
    } catch (InterruptedException _) {
      // Nobody interrupts it.
    }
  }

  private synchronized boolean awaitTurn(Duration pause) throws InterruptedException {
    long deadline = System.nanoTime() + pause.toNanos();
    while (!isClosed && !open.isEmpty() && !isWoken) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    isWoken = false;
    isAsking = !isClosed && !open.isEmpty();
    return isAsking;
  }

  /** Asks each peer of all that it is to be asked about; tells whether any has confirmed. */
  private boolean round() throws InterruptedException {
    List<CompletableFuture<Boolean>> asked = new ArrayList<>();
    for (NodeId peer : toBeAsked()) {
      asked.add(inBackground(() -> askAll(peer)));
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
        var _ = silentUntilNanos.putIfAbsent(node, System.nanoTime());
        waitFor(peer.get(), outcome);
        return hasProgressed;
      }
      var _ = silentUntilNanos.remove(node);
      boolean isOpen =
          outcome instanceof Outcome.Doubted
              || (outcome instanceof Outcome.Refused && question.owned(id).isPresent());
      if (isOpen) {
        var _ = confirmations.await(id, owned.get().operation(), node, outcome.reason());
        continue;
      }
      if (outcome instanceof Outcome.Unasked) {
        var _ = confirmations.await(id, owned.get().operation(), node, outcome.reason());
      }
      settle(node, id);
      hasProgressed = true;
    }
    return hasProgressed;
  }

  /** Once: who was contradicted because of what he has given away tries again, and is again. */
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
