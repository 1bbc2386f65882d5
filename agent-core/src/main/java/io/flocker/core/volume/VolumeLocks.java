package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Who works on which volume: sends share it, whatever changes the dataset has it alone. Nobody
 * waits for it, but for a mount of the daemon's own: whoever comes too late is told who is at work.
 * Any thread may call, event loops too; a lease may be closed by another thread than the one that
 * took it.
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

  private record Turn(long number, String holder, boolean isShared, boolean isBrief) {}

  /** How long a brief turn of another is waited for, by whoever may wait. */
  private static final Duration BRIEF = Duration.ofSeconds(20);

  private final Map<VolumeId, List<Turn>> turns = new HashMap<>();
  private long taken;

  /**
   * Takes a turn beside others of its kind.
   *
   * @param holder who takes it, for whoever comes too late, such as {@code push 0f12…}
   * @throws FailureException {@code VOLUME_LOCKED} while somebody has the volume alone
   */
  public Lease share(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, true, false);
  }

  /**
   * Takes the volume alone.
   *
   * @param holder who takes it, for whoever comes too late
   * @throws FailureException {@code VOLUME_LOCKED} while anybody has a turn
   */
  public Lease own(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, false, false);
  }

  /**
   * The same for what takes a moment and nobody asked for: whoever comes meanwhile on a virtual
   * thread waits for it.
   */
  Lease ownBriefly(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, false, true);
  }

  /** Whether somebody has the volume alone, as who unmounts it on purpose does. */
  synchronized boolean isOwned(VolumeId volume) {
    List<Turn> others = turns.getOrDefault(volume, List.of());
    return !others.isEmpty() && !others.getFirst().isShared();
  }

  private synchronized Lease take(VolumeId volume, String holder, boolean isShared, boolean isBrief)
      throws FailureException {
    awaitBrief(volume);
    List<Turn> others = turns.getOrDefault(volume, List.of());
    boolean isFree = others.isEmpty() || (isShared && others.getFirst().isShared());
    if (!isFree) {
      String other = others.getFirst().holder();
      throw OwnershipFailure.VOLUME_LOCKED
          .because(other + " works on volume " + volume)
          .with("holder", other);
    }
    Turn turn = new Turn(taken++, holder, isShared, isBrief);
    turns.computeIfAbsent(volume, _ -> new ArrayList<>()).add(turn);
    return new Taken(volume, turn);
  }

  private void awaitBrief(VolumeId volume) throws FailureException {
    long deadline = System.nanoTime() + BRIEF.toNanos();
    try {
      while (Thread.currentThread().isVirtual() && isBrief(volume)) {
        long leftNanos = deadline - System.nanoTime();
        if (leftNanos <= 0) {
          return;
        }
        TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("interrupted before its turn at volume " + volume)
          .causedBy(e);
    }
  }

  private boolean isBrief(VolumeId volume) {
    List<Turn> others = turns.getOrDefault(volume, List.of());
    return !others.isEmpty() && others.getFirst().isBrief();
  }

  private synchronized Turn replace(VolumeId volume, Turn turn, String holder) {
    List<Turn> holders = turns.getOrDefault(volume, List.of());
    int place = holders.indexOf(turn);
    if (place < 0) {
      throw new IllegalStateException("the turn at volume " + volume + " was given back");
    }
    Turn next = new Turn(taken++, holder, turn.isShared(), turn.isBrief());
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
