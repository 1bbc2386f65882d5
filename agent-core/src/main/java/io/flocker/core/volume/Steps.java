package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Puts what looks at a volume and changes it by what it saw one after the other. Unlike a turn at
 * the volume, a step is short and waited for. Any thread; a step may contain others of its volume.
 */
final class Steps {
  private static final int LOCKS = 64;

  /** Volumes that share one only wait for each other. */
  private final List<Lock> locks = Stream.<Lock>generate(ReentrantLock::new).limit(LOCKS).toList();

  /** What is done in one step. */
  @FunctionalInterface
  interface Step<T> {
    T take() throws FailureException;
  }

  /** Takes a step, when nobody else is in the midst of one of the same volume. */
  <T> T take(VolumeId volume, Step<T> step) throws FailureException {
    Lock lock = locks.get(Math.floorMod(volume.hashCode(), LOCKS));
    lock.lock();
    try {
      return step.take();
    } finally {
      lock.unlock();
    }
  }
}
