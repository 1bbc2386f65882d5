package io.flocker.core.replicate;

import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.Uuids;
import io.flocker.core.operation.Wait;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says which copies are pushed and compared now, and when to look again. Under the monitor of the
 * {@link TrackedCopies}.
 */
final class CopySchedule {
  /** Between two looks where nothing tells that there is anything to see. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** The same while something is under way that may stall. */
  private static final Duration WATCHING = Duration.ofSeconds(5);

  private final TrackedCopies copies;
  private final int most;
  private final InstantSource clock;

  /**
   * Plans the work for copies.
   *
   * @param most how many streams may leave for them at once
   */
  CopySchedule(TrackedCopies copies, int most, InstantSource clock) {
    this.copies = copies;
    this.most = most;
    this.clock = clock;
  }

  /** What has given no sign of life for so long that it is to be ended. */
  List<ReplicationRun> stalled(Instant now) {
    return copies.all().stream()
        .flatMap(TrackedCopy::underWay)
        .filter(run -> run.watch().isToBeEnded(now))
        .toList();
  }

  /** Begins the pushes that are due and have a place; somebody has to do what they are for. */
  List<ReplicationRun> beginPushes(Instant now) {
    List<ReplicationQueue.Waiting> waiting =
        copies.all().stream()
            .filter(tracked -> tracked.due().filter(due -> !due.isAfter(now)).isPresent())
            .map(tracked ->
                new ReplicationQueue.Waiting(
                    tracked.copy(), tracked.record().changed().orElseThrow()))
            .toList();
    int peers =
        (int) copies.all().stream().map(tracked -> tracked.copy().peer()).distinct().count();
    List<Copy> next =
        ReplicationQueue.of(most, peers)
            .next(waiting, copies.pushes().stream().map(ReplicationRun::copy).toList());
    List<ReplicationRun> begun = new ArrayList<>();
    for (List<Copy> together : ReplicationQueue.together(next, this::isWell)) {
      begun.addAll(begin(together, now));
    }
    return begun;
  }

  /** Of what has failed others are not kept waiting for. */
  private boolean isWell(Copy copy) {
    return copies.find(copy).filter(known -> known.record().setback().isEmpty()).isPresent();
  }

  /** Those of one volume that may be sent the same stream. */
  private List<ReplicationRun> begin(List<Copy> together, Instant now) {
    List<ReplicationRun> begun = new ArrayList<>();
    List<TrackedCopy> those =
        together.stream().flatMap(copy -> copies.find(copy).stream()).toList();
    FanOut fanOut = fanOut(those);
    for (TrackedCopy tracked : those) {
      ReplicationRun run = new ReplicationRun(Uuids.at(now), tracked.copy(), clock, fanOut);
      tracked.begun(run);
      begun.add(run);
    }
    return begun;
  }

  private static FanOut fanOut(List<TrackedCopy> those) {
    return those.size() == 1
        ? FanOut.alone()
        : new FanOut(
            those.stream().map(tracked -> tracked.copy().peer()).toList(),
            FanOut.patience(those.getFirst().wanted().policy().maxLag()));
  }

  /**
   * Begins the comparison that has been due for longest. One at a time: more would only take the
   * disks from each other.
   */
  Optional<ReplicationRun> beginComparison(Instant now) {
    if (copies.all().stream().anyMatch(tracked -> tracked.comparison().run().isPresent())) {
      return Optional.empty();
    }
    return copies.all().stream()
        .filter(tracked -> tracked.comparisonDue().filter(due -> !due.isAfter(now)).isPresent())
        .min(Comparator.comparing(tracked -> tracked.comparisonDue().orElseThrow()))
        .map(tracked -> {
          Copy copy = tracked.copy();
          ReplicationRun run = new ReplicationRun(Uuids.at(now), copy, clock, FanOut.alone());
          run.waitsFor(Wait.VERIFYING);
          tracked.comparison().begun(run, copies.finding(copy));
          return run;
        });
  }

  /** Until the next moment at which something is due, or looks otherwise. */
  Duration pause(Instant now) {
    Instant latest = now.plus(copies.pushes().isEmpty() ? LONGEST_PAUSE : WATCHING);
    Instant next =
        copies.all().stream()
            .flatMap(TrackedCopy::moments)
            .filter(moment -> moment.isAfter(now) && moment.isBefore(latest))
            .min(Comparator.naturalOrder())
            .orElse(latest);
    return Duration.between(now, next).plusMillis(1);
  }
}
