package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/** A journal in memory, on a disk that may be full. Any thread may call. */
public final class FakeJournal implements HoldJournal {
  private final Set<Entry> entries = new CopyOnWriteArraySet<>();
  private volatile boolean isFull;

  /** Whether writing fails from now on. */
  public void setFull(boolean isFull) {
    this.isFull = isFull;
  }

  /** What stands there already is not written again. */
  @Override
  public void add(Entry entry) throws FailureException {
    if (!entries.contains(entry)) {
      requireRoom();
      entries.add(entry);
    }
  }

  @Override
  public void remove(Entry entry) throws FailureException {
    if (entries.contains(entry)) {
      requireRoom();
      entries.remove(entry);
    }
  }

  @Override
  public List<Entry> list() {
    return List.copyOf(entries);
  }

  private void requireRoom() throws FailureException {
    if (isFull) {
      throw RequestFailure.STATE_UNAVAILABLE.because("the disk is full");
    }
  }
}
