package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who works on which volume: sends share it, whatever changes the dataset has it alone. Nobody ever
 * waits for it: whoever comes too late is told who is at work. Any thread may call, event loops
 * too; a lease may be closed by another thread than the one that took it.
 */
public final class VolumeLocks {
  /** A turn at a volume; closing it again does nothing. */
  public interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  private record Turn(long number, String holder, boolean isShared) {}

  private final Map<VolumeId, List<Turn>> turns = new HashMap<>();
  private long taken;

  /**
   * Takes a turn beside others of its kind.
   *
   * @param holder who takes it, for whoever comes too late, such as {@code push 0f12…}
   * @throws FailureException {@code VOLUME_LOCKED} while somebody has the volume alone
   */
  public Lease share(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, true);
  }

  /**
   * Takes the volume alone.
   *
   * @param holder who takes it, for whoever comes too late
   * @throws FailureException {@code VOLUME_LOCKED} while anybody has a turn
   */
  public Lease own(VolumeId volume, String holder) throws FailureException {
    return take(volume, holder, false);
  }

  private synchronized Lease take(VolumeId volume, String holder, boolean isShared)
      throws FailureException {
    List<Turn> others = turns.getOrDefault(volume, List.of());
    boolean isFree = others.isEmpty() || (isShared && others.getFirst().isShared());
    if (!isFree) {
      String other = others.getFirst().holder();
      throw OwnershipFailure.VOLUME_LOCKED
          .because(other + " works on volume " + volume)
          .with("holder", other);
    }
    Turn turn = new Turn(taken++, holder, isShared);
    turns.computeIfAbsent(volume, _ -> new ArrayList<>()).add(turn);
    return () -> giveBack(volume, turn);
  }

  private synchronized void giveBack(VolumeId volume, Turn turn) {
    turns.computeIfPresent(
        volume,
        (_, others) -> {
          others.remove(turn);
          return others.isEmpty() ? null : others;
        });
  }
}
