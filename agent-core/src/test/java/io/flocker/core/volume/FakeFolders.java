package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Folders in memory, on a disk that may be full. Any thread may call. */
public final class FakeFolders implements FolderJournal {
  private final Map<VolumeId, Entry> entries = new ConcurrentHashMap<>();
  private volatile boolean isFull;

  /** Whether writing fails from now on. */
  public void setFull(boolean isFull) {
    this.isFull = isFull;
  }

  @Override
  public void add(Entry entry) throws FailureException {
    requireRoom();
    entries.put(entry.volume(), entry);
  }

  @Override
  public void remove(VolumeId volume) throws FailureException {
    requireRoom();
    entries.remove(volume);
  }

  @Override
  public List<Entry> list() {
    return List.copyOf(entries.values());
  }

  private void requireRoom() throws FailureException {
    if (isFull) {
      throw RequestFailure.STATE_UNAVAILABLE.because("the disk is full");
    }
  }
}
