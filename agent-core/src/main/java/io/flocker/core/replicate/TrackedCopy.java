package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A copy that a policy wants: what is known of it, what is under way for it, and how it stands by
 * that. Under the monitor of the {@link TrackedCopies}.
 */
final class TrackedCopy {
  private final Copy copy;
  private final Comparison comparison = new Comparison();
  private Wanted wanted;
  private CopyRecord record;
  private Optional<ReplicationRun> push = Optional.empty();
  private CopyStatus.State state; // as it was told last
  private Instant since;

  TrackedCopy(Copy copy, Wanted wanted, CopyRecord record, Instant now) {
    this.copy = copy;
    this.wanted = wanted;
    this.record = record;
    this.since = now;
    this.state = stateAt(now);
  }

  Copy copy() {
    return copy;
  }

  Wanted wanted() {
    return wanted;
  }

  CopyRecord record() {
    return record;
  }

  Comparison comparison() {
    return comparison;
  }

  /** The push that is under way. */
  Optional<ReplicationRun> push() {
    return push;
  }

  /** All that is under way for it. */
  Stream<ReplicationRun> underWay() {
    return Stream.concat(push.stream(), comparison.run().stream());
  }

  /** Something else may be wanted of it from now on. */
  void wants(Wanted next, Instant now) {
    if (next.equals(wanted)) {
      return;
    }
    wanted = next;
    tryAgain(now);
    if (!next.isHere()) {
      record = record.changed(now); // The try tells what is wrong.
    }
  }

  /** Something was written to its volume. */
  void changed(Instant when) {
    record = record.changed(when);
    push.ifPresent(run -> run.changed(when));
  }

  /**
   * The peer has nothing of it any more.
   *
   * @param number of the last comparison that has begun, or greater
   */
  void begunAnew(long number, Instant now) {
    comparison.lost(number);
    record = record.begunAnew(now);
  }

  /** What has failed may go well now. */
  void tryAgain(Instant now) {
    record.setback().ifPresent(setback -> record = record.failed(setback.due(now)));
    comparison.tryAgain(now);
  }

  /** A push of it has begun. */
  void begun(ReplicationRun run) {
    push = Optional.of(run);
  }

  /** A push is over, well or not; whether it was the one that was under way. */
  boolean left(ReplicationRun run) {
    boolean isThat = push.equals(Optional.of(run));
    if (isThat) {
      push = Optional.empty();
    }
    return isThat;
  }

  /** What that push has sent is proven to be there. */
  void arrived(ReplicationRun run, Arrival arrival) {
    Arrival exact = run.snapshotBegun().map(arrival::takenAt).orElse(arrival);
    record = record.arrived(exact, run.changedMeanwhile());
  }

  void failed(FailureException why, Instant now) {
    int before = record.setback().map(Setback::tries).orElse(0);
    record = record.failed(Setback.after(before, why, now));
  }

  void verified(Verified result) {
    comparison.succeeded();
    record = record.verified(result);
  }

  /** When it may be brought up to date; empty if it is, or is being. */
  Optional<Instant> due() {
    if (push.isPresent() || record.changed().isEmpty()) {
      return Optional.empty();
    }
    if (record.setback().isPresent()) {
      return record.setback().map(Setback::nextTry);
    }
    Instant changed = record.changed().get();
    return Optional.of(
        record
            .last()
            .filter(_ -> wanted.isHere()) // Nothing is snapshotted of what is gone.
            .map(last -> earlier(last.taken(), changed).plus(wanted.policy().minInterval()))
            .filter(changed::isBefore)
            .orElse(changed));
  }

  /** A snapshot of later than now, by a clock that was set back since, keeps nothing waiting. */
  private static Instant earlier(Instant taken, Instant changed) {
    return taken.isBefore(changed) ? taken : changed;
  }

  /** When it is to be compared; empty while it has something else to get over first. */
  Optional<Instant> comparisonDue() {
    return record.setback().isPresent()
        ? Optional.empty()
        : comparison.due(wanted.policy(), record);
  }

  /** When something of it is due, or looks otherwise, be it long ago. */
  Stream<Instant> moments() {
    return Stream.of(
            due(),
            comparisonDue(),
            record.changed().map(changed -> changed.plus(wanted.policy().maxLag())))
        .flatMap(Optional::stream);
  }

  /** Looks how it stands; the state before, if that was another one. */
  Optional<CopyStatus.State> look(Instant now) {
    CopyStatus.State next = stateAt(now);
    if (next == state) {
      return Optional.empty();
    }
    CopyStatus.State before = state;
    state = next;
    since = now;
    return Optional.of(before);
  }

  private CopyStatus.State stateAt(Instant now) {
    if (underWay().anyMatch(run -> run.watch().isStalled(now))) {
      return CopyStatus.State.STALLED;
    }
    Optional<Setback.Kind> setback = record.setback().map(Setback::kind);
    if (setback.isPresent() && setback.get() != Setback.Kind.BUSY) {
      return setback.get() == Setback.Kind.HOPELESS
          ? CopyStatus.State.HINDERED
          : CopyStatus.State.FAILED;
    }
    if (record.hasDrifted()) {
      return CopyStatus.State.DRIFTED; // However current it is: it is not to be relied on.
    }
    if (record.last().isEmpty()) {
      return CopyStatus.State.NEW;
    }
    return lag(now).compareTo(wanted.policy().maxLag()) > 0
        ? CopyStatus.State.BEHIND
        : CopyStatus.State.CURRENT;
  }

  private Duration lag(Instant now) {
    Duration lag =
        record.changed().map(changed -> Duration.between(changed, now)).orElse(Duration.ZERO);
    return lag.isNegative() ? Duration.ZERO : lag;
  }

  /** How it stood at the last look, and what it waits for now. */
  CopyStatus status(Instant now) {
    Optional<Setback> setback = record.setback();
    return new CopyStatus(
        copy.volume(),
        wanted.name(),
        copy.peer(),
        state,
        since,
        seconds(lag(now)),
        seconds(wanted.policy().maxLag()),
        lagBytes(),
        record.last(),
        waitsFor(now),
        setback.map(Setback::tries).orElse(0),
        setback.map(Setback::problem),
        setback.filter(_ -> push.isEmpty()).map(Setback::nextTry),
        comparison.status(wanted.policy(), record));
  }

  private OptionalLong lagBytes() {
    if (record.changed().isEmpty()) {
      return OptionalLong.of(0);
    }
    long left = push.map(ReplicationRun::leftBytes).orElse(0L);
    return left > 0 ? OptionalLong.of(left) : OptionalLong.empty();
  }

  private CopyStatus.WaitsFor waitsFor(Instant now) {
    if (push.isPresent()) {
      return waitsFor(push.get());
    }
    Optional<Setback> setback = record.setback();
    if (setback.isPresent()) {
      return new CopyStatus.WaitsFor(
          "retry",
          "the next try, at " + setback.get().nextTry().truncatedTo(ChronoUnit.SECONDS),
          setback.get().at(),
          0);
    }
    Optional<Instant> due = due();
    if (due.isEmpty() && comparison.run().isPresent()) {
      return waitsFor(comparison.run().get());
    }
    if (due.isEmpty()) {
      return new CopyStatus.WaitsFor(
          "change", "something to be written", record.last().map(Arrival::proven).orElse(since), 0);
    }
    Instant changed = record.changed().orElse(now);
    return due.get().isAfter(now)
        ? new CopyStatus.WaitsFor("pause", "the pause that the policy wants", changed, 0)
        : new CopyStatus.WaitsFor("place", "a place beside the other streams", changed, 0);
  }

  private static CopyStatus.WaitsFor waitsFor(ReplicationRun run) {
    PhaseWatch watch = run.watch();
    return new CopyStatus.WaitsFor(
        watch.what().toString(), watch.what().words(), watch.since(), watch.sentBytes());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }
}
