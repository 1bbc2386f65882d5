package io.flocker.cli.watch;

import io.flocker.core.failure.FailureException;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks a node again and again, one thing at a time. A slow one is asked more seldom: it has four
 * fifths of its time for others, and nine tenths besides the list of volumes, for which it reads
 * its pool. One thread, which ends when it is interrupted.
 */
final class Questions implements Runnable {
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final int TIMES = 4;
  private static final Duration LEAST_OF_VOLUMES = Duration.ofSeconds(10);
  private static final int TIMES_OF_VOLUMES = 10;

  private final FlockerClient node;
  private final InstantSource clock;
  private final Consumer<Seen> watcher;
  private final List<String> refused = new ArrayList<>();
  private final List<String> refusedVolumes = new ArrayList<>();
  private Seen seen = Seen.NOTHING;
  private long volumesDue = System.nanoTime();

  /** Questions whose answers are shown to {@code watcher}. */
  Questions(FlockerClient node, InstantSource clock, Consumer<Seen> watcher) {
    this.node = node;
    this.clock = clock;
    this.watcher = watcher;
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long begun = System.nanoTime();
        ask();
        TimeUnit.NANOSECONDS.sleep(pause(begun, LEAST, TIMES));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // Nobody watches any more.
    }
  }

  private void ask() throws InterruptedException {
    try {
      askForAllButVolumes();
      if (System.nanoTime() - volumesDue >= 0) {
        long begun = System.nanoTime();
        askForVolumes();
        volumesDue = System.nanoTime() + pause(begun, LEAST_OF_VOLUMES, TIMES_OF_VOLUMES);
      }
    } catch (IOException e) {
      show(seen.lost(String.valueOf(e.getMessage())));
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
            answer(node::latestOperations, seen.operations(), refused),
            seen.volumes(),
            Optional.of(clock.instant()),
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
            allRefused()));
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

  private static long pause(long begun, Duration least, int times) {
    return Math.max(least.toNanos(), times * (System.nanoTime() - begun));
  }

  /** What it answers now, or else has answered before. */
  private static <T> Optional<T> answer(
      Question<T> question, Optional<T> before, List<String> refused)
      throws IOException, InterruptedException {
    try {
      return Optional.of(question.ask());
    } catch (FailureException e) {
      refused.add(e.detail());
      return before;
    }
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws FailureException, IOException, InterruptedException;
  }
}
