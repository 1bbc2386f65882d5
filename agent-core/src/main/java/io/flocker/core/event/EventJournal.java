package io.flocker.core.event;

import org.jspecify.annotations.Nullable;

/** The newest events of an era, one after the other without a hole. One thread. */
final class EventJournal {
  private final int maxEvents;
  private final long maxLength;
  private final @Nullable Entry[] ring;
  private long first = 1;
  private long last;
  private long length;

  EventJournal(int maxEvents, long maxLength) {
    this.maxEvents = maxEvents;
    this.maxLength = maxLength;
    this.ring = new Entry[maxEvents];
  }

  /** The sequence that the next entry has to have. */
  long next() {
    return last + 1;
  }

  /** Of the oldest entry that is kept; one behind the last if none is. */
  long first() {
    return first;
  }

  /** Of the newest entry; 0 before the first. */
  long last() {
    return last;
  }

  /** How long the texts are that are kept. */
  long length() {
    return length;
  }

  /** Adds an entry, and forgets the oldest ones for it; the newest one is always kept. */
  void add(Entry entry) {
    if (entry.sequence() != next()) {
      throw new IllegalArgumentException(entry.sequence() + " does not follow " + last);
    }
    if (last - first + 1 == maxEvents) {
      forgetFirst();
    }
    last = entry.sequence();
    ring[index(last)] = entry;
    length += entry.text().length();
    while (length > maxLength && first < last) {
      forgetFirst();
    }
  }

  /** The entry of that sequence, which is kept. */
  Entry get(long sequence) {
    Entry entry = ring[index(sequence)];
    if (entry == null || entry.sequence() != sequence) {
      throw new IllegalArgumentException(sequence + " is not from " + first + " to " + last);
    }
    return entry;
  }

  private void forgetFirst() {
    length -= get(first).text().length();
    ring[index(first)] = null;
    first++;
  }

  private int index(long sequence) {
    return (int) (sequence % maxEvents);
  }
}
