package io.flocker.transfer.confirm;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.transfer.protocol.ConfirmRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a peer about a volume, and again for a while if it does not answer. A silent peer is waited
 * for once, not once for each volume. Blocking; any thread.
 */
final class PatientQuestion {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final PeerQuestion question;
  private final Confirmations confirmations;
  private final Duration wait;

  /** Until when peers that do not answer are waited for: once for all volumes. */
  private final Map<NodeId, Long> silentUntilNanos = new ConcurrentHashMap<>();

  /**
   * Asks as {@code question} does.
   *
   * @param wait how long a peer that may never take over is waited for
   */
  PatientQuestion(PeerQuestion question, Confirmations confirmations, Duration wait) {
    this.question = question;
    this.confirmations = confirmations;
    this.wait = wait;
  }

  /** Asks until there is an answer, or the peer was waited for long enough. */
  Outcome ask(Peer peer, VolumeId id, Tenure tenure, ConfirmRequest request)
      throws FailureException, InterruptedException {
    if (confirmations.isFenced(id, tenure.operation(), peer.node())) {
      return askWithin(wait, peer, id, tenure, request); // Should it be there after all.
    }
    while (true) {
      Long until = silentUntilNanos.get(peer.node());
      boolean isGivenUp = until != null && until - System.nanoTime() <= 0;
      if (isGivenUp && peer.takeover() == Takeover.NEVER) {
        return silent(peer);
      }
      long patience = until == null ? wait.toNanos() : Math.max(0, until - System.nanoTime());
      Duration within = isGivenUp ? wait : Duration.ofNanos(patience);
      Outcome outcome = askWithin(within, peer, id, tenure, request);
      if (!(outcome instanceof Outcome.Unanswered)) {
        boolean _ = answered(peer.node());
        return outcome;
      }
      Long before = silentUntilNanos.putIfAbsent(peer.node(), System.nanoTime() + patience);
      long left = (before == null ? System.nanoTime() + patience : before) - System.nanoTime();
      if (isGivenUp || left <= 0) {
        return outcome;
      }
      Thread.sleep(Duration.ofNanos(Math.min(left, PAUSE.toNanos())));
    }
  }

  /** Asks once. What is answered later counts all the same: the question goes on by itself. */
  Outcome askWithin(
      Duration patience, Peer peer, VolumeId id, Tenure tenure, ConfirmRequest request)
      throws FailureException, InterruptedException {
    CompletableFuture<Outcome> answer =
        InBackground.ask(() -> question.ask(peer, id, tenure, request));
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return silent(peer);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FailureException known) {
        throw known;
      }
      throw new IllegalStateException(e);
    }
  }

  private static Outcome silent(Peer peer) {
    return new Outcome.Unanswered("node " + peer.node() + " does not answer");
  }

  /** A peer has not answered somebody else: nobody waits for it any more. */
  void noteSilence(NodeId peer) {
    var _ = silentUntilNanos.putIfAbsent(peer, System.nanoTime());
  }

  /**
   * A peer has answered something.
   *
   * @return whether it had not before
   */
  boolean answered(NodeId peer) {
    return silentUntilNanos.remove(peer) != null;
  }
}
