package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the state's disk has of the copies: read once, and written as they change. Any thread;
 * blocks.
 */
final class CopyRecords {
  /** How much older the look that is kept may be than the last one: disks shall rest. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final ReplicationStore store;
  private final TrackedCopies copies;

  /** One thread at a time writes: else what is older could come last. It guards the rest. */
  private final ReentrantLock writing = new ReentrantLock();

  private final Map<Copy, CopyRecord> written = new HashMap<>();
  private volatile boolean isRead;

  /** When all volumes were last looked at; the other is on disk. */
  private volatile Optional<Instant> looked = Optional.empty();

  private Instant lookWritten = Instant.MIN;

  CopyRecords(ReplicationStore store, TrackedCopies copies) {
    this.store = store;
    this.copies = copies;
  }

  /** Has the copies go on from what an earlier daemon has kept. */
  void read() throws FailureException {
    if (isRead) {
      return; // A disk that hangs while somebody writes holds up nobody else.
    }
    writing.lock();
    try {
      if (!isRead) {
        store.list().forEach(record -> written.put(record.copy(), record));
        copies.remember(written, store.looked());
        isRead = true;
      }
    } finally {
      writing.unlock();
    }
  }

  /** What was written until then to any volume was told before. Does not wait. */
  void looked(Instant when) {
    looked = Optional.of(when);
  }

  /**
   * Writes down what is not written down yet, be it that all volumes were looked at a little later
   * than is kept.
   *
   * @throws FailureException while the disk cannot be written; the next time goes on from there
   */
  void save() throws FailureException {
    save(LOOK);
  }

  /**
   * The same with when they were looked at last, for the end of the daemon.
   *
   * @throws FailureException while the disk cannot be written
   */
  void saveAll() throws FailureException {
    save(Duration.ZERO);
  }

  /**
   * Writes down what is not written down yet, and forgets what is no copy any more.
   *
   * @throws FailureException while the disk cannot be written; the next time goes on from there
   */
  private void save(Duration mostBehind) throws FailureException {
    writing.lock();
    try {
      Optional<Instant> look =
          looked; // What was told before then is in the records that are read next.
      if (!copies.hasLooked()) {
        return; // What is kept of copies that nobody has looked at yet stays.
      }
      List<CopyRecord> present = copies.records();
      Set<Copy> gone = new HashSet<>(written.keySet());
      for (CopyRecord record : present) {
        gone.remove(record.copy());
        if (!record.equals(written.get(record.copy()))) {
          store.put(record);
          written.put(record.copy(), record);
        }
      }
      for (Copy copy : gone) {
        store.remove(copy);
        written.remove(copy);
      }
      if (look.filter(at -> lookWritten.isBefore(at.minus(mostBehind))).isPresent()) {
        store.looked(look.get());
        lookWritten = look.get();
      }
    } finally {
      writing.unlock();
    }
  }
}
