package io.flocker.core.replicate;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which copies the policies of this node's volumes want, and what becomes of each. Any thread; all
 * that may change is under the monitor of this. Whoever does several things at once takes it first.
 */
final class TrackedCopies {
  private final NodeId self;
  private final InstantSource clock;
  private final EventSink events;

  private final Map<Copy, TrackedCopy> copies = new HashMap<>();
  private final VolumeWrites writes = new VolumeWrites();

  /** What an earlier daemon has kept of copies that nobody has looked at yet. */
  private final Map<Copy, CopyRecord> kept = new HashMap<>();

  /** When an earlier daemon last looked at all volumes. */
  private Optional<Instant> looked = Optional.empty();

  /** What was found to be gone before the first look: of these nothing that is kept holds. */
  private final Set<Copy> begunAnew = new HashSet<>();

  /** Numbers comparisons in the order in which they begin. */
  private long comparisons;

  private boolean hasLooked;
  private boolean isClosed;

  /**
   * No copies yet.
   *
   * @param events is told of each copy that stands otherwise than before
   */
  TrackedCopies(NodeId self, InstantSource clock, EventSink events) {
    this.self = self;
    this.clock = clock;
    this.events = events;
  }

  /** As exact as it is kept. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whether it knows all copies that the policies want: not before these were adopted once. */
  synchronized boolean hasLooked() {
    return hasLooked;
  }

  /** All of them, for who holds the monitor. */
  Collection<TrackedCopy> all() {
    return Collections.unmodifiableCollection(copies.values());
  }

  /** One of them, for who holds the monitor. */
  Optional<TrackedCopy> find(Copy copy) {
    return Optional.ofNullable(copies.get(copy));
  }

  /** What holds for a copy that is under way. */
  synchronized Policy policy(Copy copy) throws FailureException {
    return find(copy)
        .orElseThrow(() -> TransferFailure.CANCELLED.because("no policy wants that copy any more"))
        .wanted()
        .policy();
  }

  /** Which volumes have copies. */
  synchronized Set<VolumeId> volumes() {
    return copies.keySet().stream().map(Copy::volume).collect(Collectors.toUnmodifiableSet());
  }

  /** How all copies stand, by volume and peer. */
  synchronized List<CopyStatus> status() {
    Map<String, CopyStatus> sorted = new TreeMap<>();
    Instant now = now();
    for (TrackedCopy tracked : copies.values()) {
      Copy copy = tracked.copy();
      sorted.put(copy.volume() + "/" + copy.peer(), tracked.status(now));
    }
    return List.copyOf(sorted.values());
  }

  /** The pushes that are under way. */
  synchronized List<ReplicationRun> pushes() {
    return copies.values().stream().flatMap(tracked -> tracked.push().stream()).toList();
  }

  /** What is under way for the copies that are meant: these, and what is compared. */
  synchronized List<ReplicationRun> underWay(Predicate<Copy> isMeant) {
    return copies.values().stream()
        .filter(tracked -> isMeant.test(tracked.copy()))
        .flatMap(TrackedCopy::underWay)
        .toList();
  }

  /**
   * What an earlier daemon has kept counts for the copies that are adopted next.
   *
   * @param when it last looked at all volumes
   */
  synchronized void remember(Map<Copy, CopyRecord> records, Optional<Instant> when) {
    kept.putAll(records);
    looked = when;
  }

  /**
   * From now on these are the copies.
   *
   * @return what is under way for others, and has to end
   */
  synchronized List<ReplicationRun> adopt(Map<VolumeId, Wanted> wanted) {
    Instant now = now();
    Map<Copy, Wanted> next = next(wanted);
    next.forEach((copy, what) ->
        copies
            .computeIfAbsent(copy, _ -> new TrackedCopy(copy, what, known(copy, now), now))
            .wants(what, now));
    List<ReplicationRun> unwanted = new ArrayList<>();
    for (TrackedCopy tracked : List.copyOf(copies.values())) {
      if (!next.containsKey(tracked.copy())) {
        tracked.underWay().forEach(unwanted::add);
        var _ = copies.remove(tracked.copy());
      }
    }
    writes.retain(wanted.keySet());
    kept.clear();
    begunAnew.clear();
    hasLooked = true;
    return unwanted;
  }

  /** The copies that are wanted; of a volume that is gone only those that were looked after. */
  private Map<Copy, Wanted> next(Map<VolumeId, Wanted> wanted) {
    Map<Copy, Wanted> next = new HashMap<>();
    wanted.forEach((volume, what) ->
        what.policy().peers().stream()
            .filter(peer -> !peer.equals(self))
            .map(peer -> new Copy(volume, peer))
            .filter(copy -> what.isHere() || copies.containsKey(copy) || kept.containsKey(copy))
            .forEach(copy -> next.put(copy, what.isHere() ? what : called(copy, what))));
    return next;
  }

  private Wanted called(Copy copy, Wanted gone) {
    return find(copy).map(known -> gone.called(known.wanted().name())).orElse(gone);
  }

  private CopyRecord known(Copy copy, Instant now) {
    return Optional.ofNullable(kept.get(copy))
        .filter(_ -> !begunAnew.contains(copy))
        .map(before -> before.goingOn(looked, now))
        .orElseGet(() -> CopyRecord.fresh(copy, now));
  }

  /** Something was written to a volume. */
  synchronized void changed(VolumeId volume, Instant when) {
    writes.changed(volume, now());
    for (TrackedCopy tracked : copies.values()) {
      if (tracked.copy().volume().equals(volume)) {
        tracked.changed(when);
      }
    }
  }

  /** The peer has nothing of a copy any more. */
  synchronized void begunAnew(Copy copy) {
    if (!hasLooked) {
      begunAnew.add(copy);
    }
    find(copy)
        .ifPresent(tracked -> {
          tracked.begunAnew(++comparisons, now());
          tell(now());
        });
  }

  /** Nobody knows any more what the peers have of the copies that are meant; a try tells. */
  synchronized void doubt(Predicate<Copy> isMeant) {
    Instant now = now();
    for (TrackedCopy tracked : copies.values()) {
      if (isMeant.test(tracked.copy())) {
        tracked.changed(now);
        tracked.tryAgain(now);
      }
    }
  }

  /** What has failed of the copies that are meant may go well now. */
  synchronized void tryAgain(Predicate<Copy> isMeant) {
    Instant now = now();
    for (TrackedCopy tracked : copies.values()) {
      if (isMeant.test(tracked.copy())) {
        tracked.tryAgain(now);
      }
    }
  }

  /** Whether that push is to take a snapshot; where not it is told which one it sends. */
  synchronized boolean isSnapshotDue(ReplicationRun run, Predicate<Guid> isThere) {
    if (writes.isSnapshotDue(run, isThere)) {
      return true;
    }
    writes.sendsLast(run);
    return false;
  }

  /** That push has taken a snapshot. */
  synchronized void snapshotted(ReplicationRun run, Guid snapshot) {
    writes.snapshotted(run, snapshot);
  }

  /** A push has gone well. */
  synchronized void arrived(ReplicationRun run, Arrival arrival) {
    left(run)
        .ifPresent(tracked -> {
          tracked.arrived(run, arrival);
          tell(now());
        });
  }

  /** A push has not; one that the daemon's end has ended is no setback. */
  synchronized void failed(ReplicationRun run, FailureException why) {
    left(run)
        .filter(_ -> !isClosed)
        .ifPresent(tracked -> {
          tracked.failed(why.toldBy(self), now());
          tell(now());
        });
  }

  private Optional<TrackedCopy> left(ReplicationRun run) {
    notifyAll();
    return find(run.copy()).filter(tracked -> tracked.left(run));
  }

  /**
   * A comparison begins.
   *
   * @return to be told what comes of it
   */
  synchronized Consumer<Verified> finding(Copy copy) {
    long number = ++comparisons;
    return result -> found(copy, number, result);
  }

  private synchronized void found(Copy copy, long number, Verified result) {
    find(copy)
        .filter(tracked -> tracked.comparison().isNewest(number))
        .ifPresent(tracked -> {
          tracked.verified(result);
          tell(now());
        });
  }

  /** A comparison that was due has found something. */
  synchronized void compared(ReplicationRun run, Verified result) {
    leftComparison(run).ifPresent(comparison -> comparison.finding().accept(result));
  }

  /** A comparison that was due has failed. */
  synchronized void notCompared(ReplicationRun run, FailureException why) {
    leftComparison(run)
        .filter(_ -> !isClosed)
        .ifPresent(comparison -> comparison.failed(why.toldBy(self), now()));
  }

  private Optional<Comparison> leftComparison(ReplicationRun run) {
    notifyAll();
    return find(run.copy()).map(TrackedCopy::comparison).filter(known -> known.left(run));
  }

  /** Tells of each copy that stands otherwise than before, for who holds the monitor. */
  void tell(Instant now) {
    for (TrackedCopy tracked : copies.values()) {
      tracked
          .look(now)
          .ifPresent(before ->
              events.tell(
                  Event.of(
                      EventType.REPLICATION_CHANGED,
                      tracked.copy().volume(),
                      Map.of(
                          "peer",
                          tracked.copy().peer(),
                          "before",
                          before,
                          "copy",
                          tracked.status(now)))));
    }
  }

  /** What is known of each. */
  synchronized List<CopyRecord> records() {
    return copies.values().stream().map(TrackedCopy::record).toList();
  }

  /**
   * From now on what fails does so for the daemon's end, and is no setback.
   *
   * @return what is under way
   */
  synchronized List<ReplicationRun> close() {
    isClosed = true;
    return underWay(_ -> true);
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  /** Whether nothing is under way, at the latest then. */
  synchronized boolean awaitEnd(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!underWay(_ -> true).isEmpty()) {
      long leftNanos = deadline - System.nanoTime();
      if (leftNanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
    }
    return true;
  }
}
