package io.flocker.cli.watch;

import static io.flocker.core.operation.OperationState.FAILED;
import static io.flocker.core.operation.OperationState.QUEUED;
import static io.flocker.core.operation.OperationState.RUNNING;
import static io.flocker.core.operation.OperationState.SUCCEEDED;

import io.flocker.core.failure.FailureException;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks a node again and again, one thing at a time. A slow node is asked less often: a fifth of its
 * time goes into answers, unless that would take pauses of more than 15 s, and a tenth into the
 * list of volumes, for which it reads its pool. One thread, which ends when it is interrupted.
 */
final class Questions implements Runnable {
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final Duration MOST = Duration.ofSeconds(15);
  private static final int TIMES = 4;
  private static final Duration LEAST_OF_VOLUMES = Duration.ofSeconds(10);
  private static final int TIMES_OF_VOLUMES = 10;

  /** As many operations as a node tells at once. */
  private static final int ALL = 999;

  private static final int NEWEST = 100;

  private final FlockerClient node;
  private final InstantSource clock;
  private final Consumer<Seen> watcher;
  private final List<String> refused = new ArrayList<>();
  private final List<String> refusedVolumes = new ArrayList<>();
  private Seen seen = Seen.NOTHING;
  private long volumesDue = System.nanoTime();
  private volatile Optional<Instant> unanswered = Optional.empty();

  /** Questions whose answers are shown to {@code watcher}. */
  Questions(FlockerClient node, InstantSource clock, Consumer<Seen> watcher) {
    this.node = node;
    this.clock = clock;
    this.watcher = watcher;
  }

  /** When it began to ask what has no answer yet; empty while it asks nothing. Any thread. */
  Optional<Instant> unanswered() {
    return unanswered;
  }

  /** All that the node tells now, asked once; why it tells no more, where it ceases to answer. */
  Seen once() throws InterruptedException {
    try {
      askForAllButVolumes();
      askForVolumes();
    } catch (IOException e) {
      show(seen.lost(String.valueOf(e.getMessage())));
    }
    return seen;
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long begun = System.nanoTime();
        boolean hasAnswered = ask();
        TimeUnit.NANOSECONDS.sleep(
            pause(Duration.ofNanos(System.nanoTime() - begun), hasAnswered).toNanos());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // Nobody watches any more.
    }
  }

  /**
   * How long a node is left alone.
   *
   * @param took the time in which it was asked
   * @param hasAnswered whether it is slow, rather than gone: then it is noticed soon to be back
   */
  static Duration pause(Duration took, boolean hasAnswered) {
    return hasAnswered
        ? Duration.ofNanos(Math.clamp(TIMES * took.toNanos(), LEAST.toNanos(), MOST.toNanos()))
        : LEAST;
  }

  /** Whether it has answered. */
  private boolean ask() throws InterruptedException {
    try {
      askForAllButVolumes();
      if (System.nanoTime() - volumesDue >= 0) {
        long begun = System.nanoTime();
        askForVolumes();
        long end = System.nanoTime();
        volumesDue = end + Math.max(LEAST_OF_VOLUMES.toNanos(), TIMES_OF_VOLUMES * (end - begun));
      }
      return true;
    } catch (IOException e) {
      show(seen.lost(String.valueOf(e.getMessage())));
      return false;
    }
  }

  private void askForAllButVolumes() throws IOException, InterruptedException {
    refused.clear();
    show(
        new Seen(
            answer(node::node, seen.node(), refused),
            answer(node::seenPeers, seen.peers(), refused),
            answer(node::convergence, seen.wish(), refused),
            answer(node::copies, seen.copies(), refused),
            answer(this::operations, seen.operations(), refused),
            seen.volumes(),
            Optional.of(clock.instant()),
            Optional.empty(),
            Optional.empty(),
            allRefused()));
  }

  private void askForVolumes() throws IOException, InterruptedException {
    refusedVolumes.clear();
    show(
        new Seen(
            seen.node(),
            seen.peers(),
            seen.wish(),
            seen.copies(),
            seen.operations(),
            answer(node::volumes, seen.volumes(), refusedVolumes),
            seen.asOf(),
            Optional.empty(),
            Optional.empty(),
            allRefused()));
  }

  /** Those under way, and what has come of others of late. */
  private List<OperationView> operations()
      throws FailureException, IOException, InterruptedException {
    Map<UUID, OperationView> all = new LinkedHashMap<>();
    // In the order that one of them takes, so that none is missed; and told as it was last.
    for (OperationState state : List.of(QUEUED, RUNNING, FAILED, SUCCEEDED)) {
      node.operations(state, state.isEnd() ? NEWEST : ALL)
          .forEach(operation -> all.put(operation.id(), operation));
    }
    return List.copyOf(all.values());
  }

  private List<String> allRefused() {
    List<String> all = new ArrayList<>(refused);
    all.addAll(refusedVolumes);
    return all.stream().distinct().toList();
  }

  private void show(Seen now) {
    seen = now;
    watcher.accept(now);
  }

  /** What it answers now, or else has answered before. */
  private <T> Optional<T> answer(Question<T> question, Optional<T> before, List<String> refused)
      throws IOException, InterruptedException {
    unanswered = Optional.of(clock.instant());
    try {
      return Optional.of(question.ask());
    } catch (FailureException e) {
      refused.add(e.detail());
      return before;
    } finally {
      unanswered = Optional.empty();
    }
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws FailureException, IOException, InterruptedException;
  }
}
