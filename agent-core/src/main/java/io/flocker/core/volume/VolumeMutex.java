package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each volume, around every read that a write rests on. Unlike a lease of {@link
 * VolumeLocks}, which is refused while somebody else has it, this one is waited for: what runs
 * under it is short. Any thread; reentrant.
 */
public final class VolumeMutex {
  private final Map<VolumeId, Row> rows = new ConcurrentHashMap<>();

  /** Reads the volume, and changes it by what it read. */
  @FunctionalInterface
  public interface Decision<T> {
    T take() throws FailureException;
  }

  /** Those who decide about a volume, or wait to; how many is known to the map alone. */
  private static final class Row {
    private final ReentrantLock lock = new ReentrantLock();
    private int length;
  }

  /** Takes a decision, when nobody else is about to take one about the volume. */
  public <T> T take(VolumeId volume, Decision<T> decision) throws FailureException {
    Row row = join(volume);
    row.lock.lock();
    try {
      return decision.take();
    } finally {
      row.lock.unlock();
      leave(volume);
    }
  }

  private Row join(VolumeId volume) {
    return rows.compute(
        volume,
        (_, present) -> {
          Row row = present == null ? new Row() : present;
          row.length++;
          return row;
        });
  }

  private void leave(VolumeId volume) {
    rows.computeIfPresent(
        volume,
        (_, row) -> {
          row.length--;
          return row.length == 0 ? null : row;
        });
  }
}
