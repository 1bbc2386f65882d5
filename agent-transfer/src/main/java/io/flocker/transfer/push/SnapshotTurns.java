package io.flocker.transfer.push;

import io.flocker.core.id.VolumeId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Lets one push at a time see whether a volume's snapshot is to be taken, and take it: several that
 * begin at once send the same one, and none sends less than what it was begun for. Any thread.
 */
final class SnapshotTurns {
  private static final int TURNS = 64;

  private final List<Turn> turns = Stream.generate(Turn::new).limit(TURNS).toList();

  /** The turn at a volume, which others may share. */
  Turn of(VolumeId volume) {
    return turns.get(Math.floorMod(volume.hashCode(), TURNS));
  }

  /** One after the other. */
  static final class Turn {
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger taken = new AtomicInteger();

    /** How often a snapshot was taken in it: after a change a list is out of date. */
    int taken() {
      return taken.get();
    }

    /** One was taken; only within {@link #call}. */
    void took() {
      taken.incrementAndGet();
    }

    /** Does it alone; whoever waits can be interrupted. */
    <T> T call(Callable<T> work) throws Exception {
      lock.lockInterruptibly();
      try {
        return work.call();
      } finally {
        lock.unlock();
      }
    }
  }
}
