package io.flocker.core.volume;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/** A journal in memory. Any thread may call. */
public final class FakeJournal implements HoldJournal {
  private final Set<Entry> entries = new CopyOnWriteArraySet<>();

  @Override
  public void add(Entry entry) {
    entries.add(entry);
  }

  @Override
  public void remove(Entry entry) {
    entries.remove(entry);
  }

  @Override
  public List<Entry> list() {
    return List.copyOf(entries);
  }
}
