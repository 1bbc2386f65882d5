package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who works on which volume: sends and starts of applications share it, whatever changes the
 * dataset has it alone. Nobody waits for it, but for what the daemon does of its own accord: a
 * mount, or a send that gives way. Whoever comes too late is told who is at work. Any thread may
 * call, event loops too, which never wait; a lease may be closed by another thread than the one
 * that took it.
 */
public final class VolumeLocks {
  /** A turn at a volume; closing it again does nothing. */
  public interface Lease extends AutoCloseable {
    /**
     * Gives the turn to somebody else, with nobody between; this lease is as if closed then.
     *
     * @param holder who has it from now on
     * @throws IllegalStateException if it is closed
     */
    Lease passOn(String holder);

    @Override
    void close();
  }

  private final class Taken implements Lease {
    private final VolumeId volume;
    private final Turn turn;

    Taken(VolumeId volume, Turn turn) {
      this.volume = volume;
      this.turn = turn;
    }

    @Override
    public Lease passOn(String holder) {
      return new Taken(volume, replace(volume, turn, holder));
    }

    @Override
    public void close() {
      giveBack(volume, turn);
    }
  }

  /** How a turn stands to others. */
  private enum Kind {
    SHARED,
    /** Shared, and left when somebody wants the volume alone. */
    YIELDING,
    ALONE,
    /** Alone, but has those that yield go on. */
    ALONE_IN_TIME,
    BRIEF;

    boolean isShared() {
      return this == SHARED || this == YIELDING;
    }

    boolean isWanted() {
      return this == ALONE || this == ALONE_IN_TIME;
    }
  }

  /**
   * Somebody's turn.
   *
   * @param since when it began, for people
   * @param leave has its holder leave soon; only of one that yields
   */
  private record Turn(
      long number, String holder, Kind kind, Instant since, @Nullable Runnable leave) {
    Turn {
      since = since.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** How long a turn that is over soon is waited for, by whoever may wait. */
  private static final Duration BRIEF = Duration.ofSeconds(20);

  /** Most sends that yield end by themselves within that time; the others are asked to leave. */
  private static final Duration UNASKED = Duration.ofSeconds(3);

  private final Map<VolumeId, List<Turn>> turns = new HashMap<>();

  /** How many wait to have a volume alone: nobody yields to them who has not begun. */
  private final Map<VolumeId, Integer> wanted = new HashMap<>();

  private final Duration unasked;
  private long taken;

  /** Locks that nobody has. */
  public VolumeLocks() {
    this(UNASKED);
  }

  /**
   * The same.
   *
   * @param unasked how long those that yield may go on before they are asked to leave
   */
  VolumeLocks(Duration unasked) {
    this.unasked = unasked;
  }

  /**
   * Takes a turn beside others of its kind.
   *
   * @param holder who takes it, for whoever comes too late, such as {@code push 0f12…}
   * @throws FailureException {@code VOLUME_LOCKED} while somebody has the volume alone
   */
  public Lease share(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, Kind.SHARED, null);
  }

  /**
   * Takes such a turn for what nobody asked for: who wants the volume alone, on a virtual thread,
   * waits for its end and has it leave after a while.
   *
   * @param leave has the holder close its lease soon; may be called by any thread, does not wait
   * @throws FailureException {@code VOLUME_LOCKED} while somebody has the volume alone, or waits
   *     for that
   */
  public Lease shareYielding(VolumeId volume, String holder, Runnable leave)
      throws FailureException {
    return take(volume, holder, Kind.YIELDING, leave);
  }

  /**
   * Takes the volume alone.
   *
   * @param holder who takes it, for whoever comes too late
   * @throws FailureException {@code VOLUME_LOCKED} while anybody has a turn
   */
  public Lease own(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, Kind.ALONE, null);
  }

  /** The same for what is not worth that a send is cut: it waits for those that yield, no more. */
  Lease ownInTime(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, Kind.ALONE_IN_TIME, null);
  }

  /**
   * The same for what takes a moment and nobody asked for: whoever comes meanwhile on a virtual
   * thread waits for it.
   */
  public Lease ownBriefly(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, Kind.BRIEF, null);
  }

  /** Whether somebody has the volume alone, as who unmounts it on purpose does. */
  synchronized boolean isOwned(VolumeId volume) {
    List<Turn> others = turns.getOrDefault(volume, List.of());
    return !others.isEmpty() && !others.getFirst().kind().isShared();
  }

  private Lease take(VolumeId volume, String holder, Kind kind, @Nullable Runnable leave)
      throws FailureException {
    if (!kind.isWanted()) {
      return takeNow(volume, holder, kind, leave);
    }
    want(volume, 1);
    try {
      if (kind == Kind.ALONE && !awaitYielding(volume, unasked)) {
        yielding(volume, _ -> true).forEach(Runnable::run);
      }
      boolean _ = awaitYielding(volume, BRIEF);
      return takeNow(volume, holder, kind, leave);
    } finally {
      want(volume, -1);
    }
  }

  private synchronized Lease takeNow(
      VolumeId volume, String holder, Kind kind, @Nullable Runnable leave) throws FailureException {
    awaitBrief(volume);
    List<Turn> others = turns.getOrDefault(volume, List.of());
    boolean isFree = others.isEmpty() || (kind.isShared() && others.getFirst().kind().isShared());
    if (!isFree) {
      String other = others.getFirst().holder();
      throw OwnershipFailure.VOLUME_LOCKED
          .because(other + " works on volume " + volume + ", since " + others.getFirst().since())
          .with("holder", other);
    }
    if (kind == Kind.YIELDING && wanted.containsKey(volume)) {
      throw OwnershipFailure.VOLUME_LOCKED.because("somebody waits to have volume " + volume);
    }
    Turn turn = new Turn(taken++, holder, kind, Instant.now(), leave);
    turns.computeIfAbsent(volume, _ -> new ArrayList<>()).add(turn);
    return new Taken(volume, turn);
  }

  private synchronized void want(VolumeId volume, int more) {
    int others = wanted.getOrDefault(volume, 0) + more;
    if (others == 0) {
      var _ = wanted.remove(volume);
    } else {
      wanted.put(volume, others);
    }
  }

  /** Whether somebody has a turn that yields, taken under that name. */
  public boolean yields(VolumeId volume, String holder) {
    return !yielding(volume, turn -> turn.holder().equals(holder)).isEmpty();
  }

  /**
   * Has those leave soon whose turns yield and were taken under that name. Does not wait.
   *
   * @return whether there are any
   */
  public boolean askToLeave(VolumeId volume, String holder) {
    List<Runnable> leaves = yielding(volume, turn -> turn.holder().equals(holder));
    leaves.forEach(Runnable::run);
    return !leaves.isEmpty();
  }

  private synchronized List<Runnable> yielding(VolumeId volume, Predicate<Turn> which) {
    List<Runnable> leaves = new ArrayList<>();
    for (Turn turn : turns.getOrDefault(volume, List.of())) {
      if (turn.leave() != null && which.test(turn)) {
        leaves.add(turn.leave());
      }
    }
    return leaves;
  }

  /** Waits until no turn yields any more; where another is among them that would be in vain. */
  private synchronized boolean awaitYielding(VolumeId volume, Duration patience)
      throws FailureException {
    return await(
        volume,
        patience,
        others ->
            !others.isEmpty() && others.stream().allMatch(turn -> turn.kind() == Kind.YIELDING));
  }

  private void awaitBrief(VolumeId volume) throws FailureException {
    boolean _ =
        await(volume, BRIEF, others -> !others.isEmpty() && others.getFirst().kind() == Kind.BRIEF);
  }

  /** Waits while it is so; tells whether it is no more. Only virtual threads wait. */
  private synchronized boolean await(
      VolumeId volume, Duration patience, Predicate<List<Turn>> isToWait) throws FailureException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (isToWait.test(turns.getOrDefault(volume, List.of()))) {
        long leftNanos = deadline - System.nanoTime();
        if (leftNanos <= 0 || !Thread.currentThread().isVirtual()) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("interrupted before its turn at volume " + volume)
          .causedBy(e);
    }
  }

  private synchronized Turn replace(VolumeId volume, Turn turn, String holder) {
    List<Turn> holders = turns.getOrDefault(volume, List.of());
    int place = holders.indexOf(turn);
    if (place < 0) {
      throw new IllegalStateException("the turn at volume " + volume + " was given back");
    }
    Turn next = new Turn(taken++, holder, turn.kind(), Instant.now(), turn.leave());
    var _ = holders.set(place, next);
    return next;
  }

  private synchronized void giveBack(VolumeId volume, Turn turn) {
    notifyAll();
    turns.computeIfPresent(
        volume,
        (_, others) -> {
          others.remove(turn);
          return others.isEmpty() ? null : others;
        });
  }
}
