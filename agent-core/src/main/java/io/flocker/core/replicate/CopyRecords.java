package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the state's disk has of the copies: read once, and written as they change. Any thread;
 * blocks.
 */
final class CopyRecords {
  private final ReplicationStore store;
  private final TrackedCopies copies;

  /** One thread at a time writes: else what is older could come last. It guards the rest. */
  private final ReentrantLock writing = new ReentrantLock();

  private final Map<Copy, CopyRecord> written = new HashMap<>();
  private volatile boolean isRead;

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
        copies.remember(written);
        isRead = true;
      }
    } finally {
      writing.unlock();
    }
  }

  /**
   * Writes down what is not written down yet, and forgets what is no copy any more.
   *
   * @throws FailureException while the disk cannot be written; the next time goes on from there
   */
  void save() throws FailureException {
    writing.lock();
    try {
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
    } finally {
      writing.unlock();
    }
  }
}
