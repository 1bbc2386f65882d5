package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Releases in memory, on a disk that may be full. Any thread may call. */
public final class FakeReleases implements ReleaseJournal {
  private final Map<VolumeId, Entry> entries = new ConcurrentHashMap<>();
  private volatile Optional<FailureException> failure = Optional.empty();

  /** Fails each writing from now on; with empty it heals. */
  public void fail(Optional<FailureException> why) {
    failure = why;
  }

  @Override
  public void add(Entry entry) throws FailureException {
    requireWritable();
    entries.put(entry.volume(), entry);
  }

  @Override
  public void remove(VolumeId volume) throws FailureException {
    requireWritable();
    entries.remove(volume);
  }

  @Override
  public List<Entry> list() {
    return List.copyOf(entries.values());
  }

  private void requireWritable() throws FailureException {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
